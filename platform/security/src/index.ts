export { type AccessTokenVerifier, createAccessTokenVerifier, type VerifiedAccessToken } from './access-tokens.ts';
export { createDenylist, type Denylist } from './denylist.ts';
export {
  createProofVerifier,
  PROOF_ALGORITHMS,
  PROOF_REMEMBERED_SECONDS,
  type ProofVerifier,
  type ProvenRequest,
} from './dpop-proof.ts';
export { createFieldCipher, type FieldCipher, type FieldKeys } from './field-cipher.ts';
export { createInternalTokenVerifier, type InternalTokenVerifier } from './internal-token-verifier.ts';
export {
  createInternalTokenMinter,
  type InternalIssuer,
  type InternalTokens,
  newInternalKey,
} from './internal-tokens.ts';
export { ANONYMOUS, type Principal } from './principal.ts';
export {
  DEVELOPMENT_AUTHORITY,
  DEVELOPMENT_MARK,
  decideProductionReadiness,
  type ProductionFacts,
  type RoleFacts,
} from './production-readiness.ts';
export type { ConsentedPayment, ThirdParty } from './third-party.ts';
