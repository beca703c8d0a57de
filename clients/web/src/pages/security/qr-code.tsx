import { encode } from 'uqr';
import { darkPath } from './qr-path.ts';

/** Modules of white around it, without which a camera does not find it (ISO/IEC 18004, 6.3.8). */
const QUIET_ZONE = 4;

/** A text as a QR code, drawn here: what it holds goes to nobody. Dark on white in either colour scheme. */
export function QrCode({ text, label }: { readonly text: string; readonly label: string }) {
  const { data, size } = encode(text, { ecc: 'M', border: QUIET_ZONE });
  return (
    <svg role="img" aria-label={label} viewBox={`0 0 ${size} ${size}`} className="qr-code" shapeRendering="crispEdges">
      <rect width={size} height={size} fill="#fff" />
      <path d={darkPath(data)} fill="#000" />
    </svg>
  );
}
