/** Calls about payloads: read them on, watch them as a stream, open, compare, copy and save them. */

/** A request and its response on one connection, by their event numbers. */
export interface RequestPair {
  /** `ping`: same data in ping and pong (RFC 6455 section 5.5.3). `id`: same id in two JSON messages. */
  readonly by: 'ping' | 'id'
  readonly request: number
  readonly response: number
  /** Milliseconds between the two. */
  readonly took: number
}

/** How common a kind of message is among the latest before it of its connection and direction. */
export interface Alike {
  readonly count: number
  /** How many messages were looked at. */
  readonly among: number
  /** Bytes; by nearest rank. */
  readonly medianSize: number
}

export interface Related {
  /** The request and the response if the event is one of the two. */
  readonly pair: RequestPair | null
  /** The message before it with the same name and direction on the same connection. */
  readonly previous: number | null
  /** What both call themselves. */
  readonly name: string
  /** The messages before it that call themselves so too; null where none does. */
  readonly alike: Alike | null
}

/** Consecutive inbound payloads of a connection in one piece. */
export interface StreamPiece {
  readonly bytes: Uint8Array<ArrayBuffer>
  /** Event number to go on from. */
  readonly next: number
  /** The connection opened anew at `next`: what follows is another stream. */
  readonly reopened: boolean
  /** Payloads within are no longer kept, and are missing from `bytes`. */
  readonly lost: boolean
  /** Nothing more is kept at this time. */
  readonly atEnd: boolean
}

/** Reads that the page makes through the host. */
export type PayloadReadMethods = {
  /** What belongs to an event, looked for among the events around it. */
  related: { params: { readonly index: number }; result: Related }
  /**
   * Inbound messages of a connection from event `from` on: as many as fit `maxBytes`, but at least one,
   * none of them beyond the connection's next `open`.
   */
  stream: {
    params: { readonly connection: number; readonly from: number; readonly maxBytes: number }
    result: StreamPiece
  }
}

export const COPY_FORMS = ['json', 'text', 'hex', 'base64', 'curl', 'websocat'] as const
export type CopyForm = (typeof COPY_FORMS)[number]
/** As menus call them. */
export const FORM_NAMES: Readonly<Record<CopyForm, string>> = {
  json: 'JSON',
  text: 'text',
  hex: 'hex',
  base64: 'base64',
  curl: 'curl',
  websocat: 'websocat',
}

export type CommandTool = 'curl' | 'websocat'
export type TextForm = Exclude<CopyForm, CommandTool>

/** A payload as an editor shows it. */
export interface PayloadDocument {
  readonly text: string
  /** VS Code's language id. */
  readonly language: 'json' | 'xml' | 'html' | 'plaintext'
}

/** A session as lines for a POSIX shell. */
export interface SessionCommands {
  readonly text: string
  /** Names of the secrets that are `***` in it. */
  readonly masked: readonly string[]
  /** How many connections the session has. */
  readonly connections: number
  /** What could not be put into a command, a clause each; the text has them as comments. */
  readonly omitted: readonly string[]
}

export type PayloadEngineMethods = PayloadReadMethods & {
  /**
   * The payload as text, JSON laid out; `hex` shows any payload as a dump. Rejects with BINARY for what
   * is no text, TOO_LARGE for what is too much for an editor, NO_PAYLOAD where there is none.
   */
  document: { params: { readonly index: number; readonly hex: boolean }; result: PayloadDocument }
  /** The payload in a form for the clipboard. Rejects as `document` does. */
  copyText: { params: { readonly index: number; readonly form: TextForm }; result: string }
  /**
   * A line for a POSIX shell that makes the event's connection again and, with an outbound message, sends that.
   * `masked` names the secrets that are `***` in it unless `reveal`.
   */
  command: {
    params: { readonly index: number; readonly tool: CommandTool; readonly reveal: boolean }
    result: { readonly text: string; readonly masked: readonly string[] }
  }
  /**
   * A command for each connection of the session; a WebSocket's sends what was sent. Rejects with NO_CONNECTION.
   */
  sessionCommands: { params: { readonly reveal: boolean }; result: SessionCommands }
  /** What a file of the payload, or of the stream, should be called. */
  fileName: { params: { readonly index: number; readonly whole: boolean }; result: string }
  /**
   * Writes the payload to a file; with `whole`, every inbound payload of the event's connection from its
   * last `open` to its next. Returns the bytes written, and whether payloads among them were no longer kept.
   */
  savePayload: {
    params: { readonly index: number; readonly whole: boolean; readonly path: string }
    result: { readonly size: number; readonly lost: boolean }
  }
}

export type PayloadPanelMethods = PayloadReadMethods & {
  /** Opens the payload as a document of the editor; one that is binary or too large is offered to be saved. */
  openPayload: { params: { readonly index: number }; result: null }
  /** Shows two payloads side by side in the editor's diff. */
  comparePayloads: { params: { readonly left: number; readonly right: number }; result: null }
  /** Puts the payload, or a command that repeats the connection, on the clipboard; false where the user changed their mind. */
  copyAs: {
    params: { readonly index: number; readonly form: CopyForm }
    result: { readonly copied: boolean }
  }
  /** Asks for a file and writes the payload, or the whole stream it is of; false where the user changed their mind. */
  savePayload: {
    params: { readonly index: number; readonly whole: boolean }
    result: { readonly saved: boolean }
  }
  /** What commands without arguments are about: the selected event, and the one like it before. */
  noteSelection: {
    params: { readonly index: number; readonly previous: number | null } | null
    result: null
  }
}
