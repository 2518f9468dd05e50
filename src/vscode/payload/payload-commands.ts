/** Commands for the payload of an event: the event with a given number, or the one selected in the active page. */
import * as vscode from 'vscode'
import type { PayloadActions } from './actions.ts'

export function payloadCommands(active: () => PayloadActions) {
  return {
    'realtimeInspector.openPayload': (event: unknown) => {
      const payloads = active()
      return payloads.open(payloads.subject(event))
    },
    'realtimeInspector.comparePayloads': (event: unknown, other: unknown) => {
      const payloads = active()
      const right = payloads.subject(event)
      return payloads.compare(payloads.predecessor(other), right)
    },
    'realtimeInspector.copyPayloadAs': (event: unknown) => {
      const payloads = active()
      return payloads.askAndCopy(payloads.subject(event))
    },
    'realtimeInspector.savePayload': (event: unknown, uri: unknown) => {
      const payloads = active()
      const index = payloads.subject(event)
      return uri instanceof vscode.Uri ? payloads.saveTo(index, false, uri) : payloads.save(index, false)
    },
  }
}
