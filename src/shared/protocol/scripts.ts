/** Calls that run the script of a saved request on its connection. Its progress is in the status of the connection. */
import type { RequestScript } from '../request-script.ts'
import type { Rule } from '../rule.ts'
import type { ConnectionSpec } from '../spec.ts'
import type { KeepAliveMessage } from './rules.ts'

export type ScriptMethods = {
  /**
   * Opens a connection. Its script starts once the connection is first open, and not again by a reconnect. `expectations`
   * are judged until it ends for good. `rules` and `keepAlive` are those of `addRule` and `keepAlive`. `secrets` are values that are masked wherever the session has them. After
   * `maxMessages` inbound messages, the connection is closed, and the session has no more of them. Rejects with a
   * `Failure`, such as BAD_SPEC, BAD_SCRIPT, BAD_RULE or BAD_EXPECTATION.
   */
  connect: {
    params: {
      readonly spec: ConnectionSpec
      readonly script?: RequestScript
      readonly expectations?: readonly string[]
      readonly rules?: readonly Rule[]
      readonly keepAlive?: KeepAliveMessage | undefined
      readonly secrets?: readonly string[]
      readonly maxMessages?: number | undefined
    }
    result: { readonly id: number }
  }
  /** Sends the message of one step now, whatever the script is doing. Rejects with NO_SCRIPT, or as sending does. */
  sendStep: { params: { readonly id: number; readonly step: number }; result: null }
  /** Masks these values too, from now on, wherever the session has them. Rejects with TOO_MANY_SECRETS. */
  keepSecrets: { params: { readonly secrets: readonly string[] }; result: null }
  /** Runs all steps again from the first. Rejects with NO_SCRIPT, NOT_OPEN, or SENDING if the script is running. */
  sendScript: { params: { readonly id: number }; result: null }
  /** Ends the script if it is running. */
  stopScript: { params: { readonly id: number }; result: null }
  /** The variables that messages have set, in full: they may be secret. Empty if the connection has no script. */
  scriptValues: {
    params: { readonly id: number }
    result: { readonly variables: Readonly<Record<string, string>> }
  }
}
