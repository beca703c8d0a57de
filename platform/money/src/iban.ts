import { invariant } from '@florin/primitives';

/** How long an IBAN of each country is: the IBAN registry of SWIFT (ISO 13616), release 100. */
const LENGTHS = new Map(
  (
    'AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BI27 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DJ27 DK18 DO28 EE20 EG29 ' +
    'ES24 FI18 FK18 FO18 FR27 GB22 GE22 GI23 GL18 GR27 GT28 HN28 HR21 HU28 IE22 IL23 IQ23 IS26 IT27 JO30 KW30 KZ20 ' +
    'LB28 LC32 LI21 LT20 LU20 LV21 LY25 MC27 MD24 ME22 MK19 MN20 MR27 MT31 MU30 NI28 NL18 NO15 OM23 PK24 PL28 PS29 ' +
    'PT25 QA29 RO24 RS22 RU33 SA24 SC31 SD18 SE24 SI19 SK24 SM27 SO23 ST25 SV28 TL23 TN24 TR26 UA29 VA22 VG24 XK20 ' +
    'YE30'
  )
    .split(' ')
    .map((entry) => [entry.slice(0, 2), Number(entry.slice(2))]),
);

const IBAN_SHAPE = /^[A-Z]{2}\d{2}[A-Z0-9]{1,30}$/;
const BUCKET_MAX = 255;
const SERIAL_MAX = 9_999_999;

/** People write IBANs in groups of four, in any case: removes the spaces and raises the case, and judges nothing. */
export function normaliseIban(text: string): string {
  return text.replaceAll(' ', '').toUpperCase();
}

/**
 * Whether a normalised text is an IBAN: letters and digits only, the length of its country, check digits 02 to 98,
 * and ISO 7064 mod 97-10 equal to 1 (ISO 13616).
 */
export function isValidIban(iban: string): boolean {
  if (!IBAN_SHAPE.test(iban) || LENGTHS.get(iban.slice(0, 2)) !== iban.length) return false;
  const check = Number(iban.slice(2, 4));
  // 00, 01 and 99 leave the same remainder as 97, 98 and 02, but no bank may issue them.
  return check >= 2 && check <= 98 && remainder97(iban.slice(4) + iban.slice(0, 4)) === 1;
}

/**
 * The IBAN of an account of ours: country, check digits, bank, three digits of bucket (000 to 255) and seven of
 * serial, so the shard of a payee can be read from what people type. `NL` leaves exactly ten digits after the bank.
 */
export function makeIban(country: 'NL', bank: string, bucket: number, serial: number): string {
  invariant(/^[A-Z]{4}$/.test(bank), 'a bank code of the Netherlands is four letters');
  invariant(Number.isInteger(bucket) && bucket >= 0 && bucket <= BUCKET_MAX, 'a bucket outside 0 to 255');
  invariant(Number.isInteger(serial) && serial >= 0 && serial <= SERIAL_MAX, 'an IBAN serial outside seven digits');
  const account = `${bank}${String(bucket).padStart(3, '0')}${String(serial).padStart(7, '0')}`;
  const check = 98 - remainder97(`${account}${country}00`);
  return `${country}${String(check).padStart(2, '0')}${account}`;
}

/** The bucket in an IBAN that `makeIban` made; undefined when there is none where it should be. */
export function bucketOfIban(iban: string): number | undefined {
  const digits = iban.slice(8, 11);
  const bucket = /^\d{3}$/.test(digits) ? Number(digits) : BUCKET_MAX + 1;
  return bucket <= BUCKET_MAX ? bucket : undefined;
}

/** ISO 7064 mod 97, character by character (A is 10, Z is 35), so no number ever grows past five digits. */
function remainder97(text: string): number {
  let remainder = 0;
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    remainder = code <= 57 ? (remainder * 10 + code - 48) % 97 : (remainder * 100 + code - 55) % 97;
  }
  return remainder;
}
