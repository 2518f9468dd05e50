/** The page's calls about payloads. */
import type { PayloadPanelMethods } from '../../shared/protocol/payloads.ts'
import type { Handlers } from '../../shared/protocol/rpc.ts'
import type { EngineSession } from '../session/engine-session.ts'
import type { PayloadActions } from './actions.ts'

export function payloadPanelCalls(
  session: EngineSession,
  payloads: PayloadActions,
): Handlers<PayloadPanelMethods> {
  return {
    related: (params) => session.call('related', params),
    stream: (params) => session.call('stream', params),
    openPayload: async ({ index }) => {
      await payloads.open(index)
      return null
    },
    comparePayloads: async ({ left, right }) => {
      await payloads.compare(left, right)
      return null
    },
    copyAs: async ({ index, form }) => ({ copied: await payloads.copy(index, form) }),
    savePayload: async ({ index, whole }) => ({ saved: await payloads.save(index, whole) }),
    noteSelection: (selected) => {
      payloads.selected = selected ?? undefined
      return null
    },
  }
}
