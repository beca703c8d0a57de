export { type AccessTokenVerifier, createAccessTokenVerifier, type VerifiedAccessToken } from './access-tokens.ts';
export { createDenylist, type Denylist } from './denylist.ts';
export {
  createProofVerifier,
  PROOF_ALGORITHMS,
  PROOF_REMEMBERED_SECONDS,
  type ProofVerifier,
  type ProvenRequest,
} from './dpop-proof.ts';
export { createInternalTokenVerifier, type InternalTokenVerifier } from './internal-token-verifier.ts';
export {
  createInternalTokenMinter,
  type InternalIssuer,
  type InternalTokens,
  newInternalKey,
} from './internal-tokens.ts';
export { type LocalKeys, localKeyManagement, openKeyFile, readKeyFile, withNewKey } from './key-file.ts';
export type { KeyManagement, WrappedKey } from './key-management.ts';
export { ANONYMOUS, type Principal } from './principal.ts';
export {
  DEVELOPMENT_AUTHORITY,
  DEVELOPMENT_MARK,
  decideProductionReadiness,
  type ProductionFacts,
  type RoleFacts,
} from './production-readiness.ts';
export {
  blindIndex,
  DATA_KEY_BYTES,
  type OpeningKeys,
  OWN_KEY_ID,
  openField,
  SEALED_WITH_BYTES,
  sealedWith,
  sealField,
} from './sealed-field.ts';
export { isFreshAndStrong, isStrong, STEP_UP_CHALLENGE } from './step-up.ts';
export type { ConsentedPayment, ThirdParty } from './third-party.ts';
