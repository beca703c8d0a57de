export { type CertificateRequest, issueCertificate, newAuthority, type Pem, type Purpose } from './authority.ts';
