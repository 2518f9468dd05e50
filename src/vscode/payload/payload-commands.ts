/** Commands for the payload of an event: the event with a given number, or the one selected in the active page. */
import * as vscode from 'vscode'
import type { PayloadActions } from './actions.ts'

export function payloadCommands(active: () => PayloadActions) {
  /** Acts on the event that is named first. */
  const onEvent =
    (act: (payloads: PayloadActions, index: number, argument: unknown) => Promise<unknown>) =>
    (event: unknown, argument: unknown) => {
      const payloads = active()
      return act(payloads, payloads.subject(event), argument)
    }
  return {
    'realtimeInspector.openPayload': onEvent((payloads, index) => payloads.open(index)),
    'realtimeInspector.comparePayloads': onEvent((payloads, right, left) =>
      payloads.compare(payloads.predecessor(left), right),
    ),
    'realtimeInspector.copyPayloadAs': onEvent((payloads, index) => payloads.askAndCopy(index)),
    'realtimeInspector.savePayload': onEvent((payloads, index, uri) =>
      uri instanceof vscode.Uri ? payloads.saveTo(index, false, uri) : payloads.save(index, false),
    ),
  }
}
