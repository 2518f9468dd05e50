/** What the page tells the worker before anything else, and what only this worker can do. */
import type { EngineMethods } from '../../../src/shared/protocol.ts'

/** The first message. The calls follow. */
export interface Opening {
  readonly file: Blob
  /** Its name, of which the extension tells the format. */
  readonly name: string
}

export type WorkerMethods = EngineMethods & {
  /** The payload, or with `whole` its whole stream, as a file to download. Rejects as `savePayload` does. */
  payloadFile: {
    params: { readonly index: number; readonly whole: boolean }
    result: { readonly name: string; readonly file: Blob }
  }
}
