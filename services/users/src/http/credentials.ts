import {
  askEmailConfirmation,
  askPasswordReset as askResetRoute,
  changeMyEmail,
  changeMyPassword,
  completePasswordReset as completeResetRoute,
  confirmEmail as confirmRoute,
  forgetMyDevice,
  forgetMyDevices,
  listMyDevices,
} from '@florin/contracts';
import { type Endpoint, endpoint, problemReply, type Reply } from '@florin/http';
import type { Result } from '@florin/primitives';
import { askedFrom } from '../use-cases/asked-from.ts';
import { changePassword } from '../use-cases/change-password.ts';
import { askConfirmation, askEmailChange, confirmEmail } from '../use-cases/email-address.ts';
import { forgetDevices, type ListedDevice, listKnownDevices } from '../use-cases/known-device.ts';
import { askPasswordReset, completePasswordReset } from '../use-cases/reset-password.ts';
import { type CredentialFailure, credentialProblem, DEVICE_UNKNOWN } from './credential-problems.ts';
import { ownerOf } from './factors.ts';

type Deps = Parameters<typeof changePassword>[0] &
  Parameters<typeof confirmEmail>[0] &
  Parameters<typeof completePasswordReset>[0];

/** Two passwords of any alphabet, or an address and a token. */
const BODY_LIMIT = { bodyLimitBytes: 8 * 1024 };

/** Passwords, the address, and browsers that are known: for their owner, and for whoever answers a mail. */
export function credentialEndpoints(deps: Deps): readonly Endpoint[] {
  return [
    endpoint(
      askResetRoute,
      async ({ body }) => {
        await askPasswordReset(deps, body.email);
        return ACCEPTED;
      },
      BODY_LIMIT,
    ),
    endpoint(
      completeResetRoute,
      async ({ body, caller, traceId }) =>
        answer(await completePasswordReset(askedFrom(deps, caller.origin), body, traceId), traceId),
      BODY_LIMIT,
    ),
    endpoint(
      confirmRoute,
      async ({ body, caller, traceId }) =>
        answer(await confirmEmail(askedFrom(deps, caller.origin), body.token, traceId), traceId),
      BODY_LIMIT,
    ),
    endpoint(askEmailConfirmation, async ({ caller }) => {
      await askConfirmation(deps, caller);
      return ACCEPTED;
    }),
    endpoint(
      changeMyEmail,
      async (call) => {
        const asked = await askEmailChange(deps, ownerOf(call), call.body.email);
        return asked.ok ? ACCEPTED : answer(asked, call.traceId);
      },
      BODY_LIMIT,
    ),
    endpoint(
      changeMyPassword,
      async (call) => answer(await changePassword(deps, ownerOf(call), call.body), call.traceId),
      BODY_LIMIT,
    ),
    endpoint(listMyDevices, async ({ principal }) => {
      const devices = await listKnownDevices(deps, principal.subject);
      return { status: 200, body: { data: devices.map(presentDevice), nextCursor: null } };
    }),
    endpoint(forgetMyDevice, async ({ caller, params, traceId }) => {
      const count = await forgetDevices(deps, caller, params.id);
      return count === 1 ? DONE : problemReply({ ...DEVICE_UNKNOWN, traceId });
    }),
    endpoint(forgetMyDevices, async ({ caller }) => {
      await forgetDevices(deps, caller);
      return DONE;
    }),
  ];
}

const DONE = { status: 204 } as const;
const ACCEPTED = { status: 202 } as const;

function answer(result: Result<void, CredentialFailure>, traceId: string): Reply {
  return result.ok ? DONE : problemReply({ ...credentialProblem(result.failure), traceId });
}

function presentDevice(device: ListedDevice) {
  return {
    id: device.id,
    device: device.device ?? null,
    knownSince: new Date(device.knownSinceMs).toISOString(),
    lastSignInAt: new Date(device.lastSignInAtMs).toISOString(),
  };
}
