/** The fake host's calls about payloads: they return their parameters, and no related events. */
import type { PayloadPanelMethods } from '../../../src/shared/protocol/payloads.ts'
import type { Handlers } from '../../../src/shared/protocol/rpc.ts'

export function payloadCalls(note: (method: string, params: unknown) => void): Handlers<PayloadPanelMethods> {
  const noted =
    <T>(method: string, result: T) =>
    (params: unknown): T => {
      note(method, params)
      return result
    }
  return {
    related: () => ({ pair: null, previous: null, name: '', alike: null }),
    stream: ({ from }) => ({
      bytes: new Uint8Array(0),
      next: from,
      reopened: false,
      lost: false,
      atEnd: true,
    }),
    openPayload: noted('openPayload', null),
    comparePayloads: noted('comparePayloads', null),
    copyAs: noted('copyAs', { copied: true }),
    savePayload: noted('savePayload', { saved: true }),
    noteSelection: () => null,
  }
}
