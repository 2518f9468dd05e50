/**
 * The calls between engine, editor host and panel. Types only: engine and host use `Engine*`, host and panel use
 * `Panel*`. The host forwards the panel's reading calls to the engine.
 */

import type { ComposedMessage, TemplateMessage } from './compose/compose.ts'
import type { Pace } from './compose/in-order.ts'
import type { RepeatPlan } from './compose/repeat.ts'
import type { Shelf, ShelfChange } from './compose/shelf.ts'
import type { Dialect } from './dialect.ts'
import type { ColumnBatch } from './event-columns.ts'
import type { GraphqlSchema } from './graphql/schema.ts'
import type { AnswerMethods } from './protocol/answers.ts'
import type { ConnectingMethods } from './protocol/connecting.ts'
import type { CookieMethods } from './protocol/cookies.ts'
import type {
  DecodedPreview,
  DecodingEngineMethods,
  DecodingMethods,
  DecodingPanelMethods,
} from './protocol/decoding.ts'
import type { ExcerptMethods } from './protocol/excerpts.ts'
import type { ExchangeMethods } from './protocol/exchanges.ts'
import type { ExplainMethods } from './protocol/explaining.ts'
import type {
  FilterMethods,
  FilterPanelMethods,
  Matches,
  ReaderPosition,
  SavedFilter,
} from './protocol/filtering.ts'
import type { FindingEngineMethods, FindingMethods, FindingPanelMethods } from './protocol/findings.ts'
import type { LabelMethods } from './protocol/labels.ts'
import type { LatencyMethods } from './protocol/latency.ts'
import type { PayloadEngineMethods, PayloadPanelMethods } from './protocol/payloads.ts'
import type { RequestMethods } from './protocol/requests.ts'
import type { ResendMethods } from './protocol/resending.ts'
import type { RuleMethods } from './protocol/rules.ts'
import type { SavedRequestMethods } from './protocol/saved-requests.ts'
import type { Part, SavingMethods } from './protocol/saving.ts'
import type { ScriptMethods } from './protocol/scripts.ts'
import type { StatusUpdate } from './protocol/status-update.ts'
import type { TechniqueMethods, TechniquePanelMethods } from './protocol/techniques.ts'
import type { FaultMethods, TrafficMethods } from './protocol/traffic.ts'
import type { UnsavedChoice } from './protocol/unsaved.ts'
import type { SessionReport } from './report.ts'
import type { NetworkSettings } from './spec.ts'
import type { FieldValues } from './spoken/traits.ts'
import type { ReplaySpeed, SessionStatus, WhenDiskFull } from './status.ts'
import type { SourceLocation } from './traffic-source.ts'
import type { TransportName } from './transports.ts'

export type { ComposedMessage, TemplateMessage } from './compose/compose.ts'

/** One event in full, for the details pane. */
export interface EventDetail {
  readonly index: number
  /** The event's fields as in the session file, with secrets masked and without its payload. */
  readonly fields: Readonly<Record<string, unknown>>
  /**
   * The payload's first bytes, at most as many as requested; undefined if the event has no payload or it was dropped.
   */
  readonly payload: Uint8Array<ArrayBuffer> | undefined
  /** Size of the whole payload in bytes. */
  readonly size: number
  /** The payload was dropped at a limit. */
  readonly dropped: boolean
}

/** Limits of an engine, in bytes except for `maxEvents`, and what its decoders know. */
export interface EngineSettings {
  readonly memoryLimit: number
  readonly spoolLimit: number
  readonly maxEvents: number
  /** Used if a spec does not set one. */
  readonly maxMessageSize: number
  /** Default `keepNewest`. */
  readonly whenDiskFull?: WhenDiskFull
  /** The users' own dialects of JSON. */
  readonly dialects?: readonly Dialect[]
}

/** What is new since the last delta that the reader acknowledged. */
export interface Delta {
  readonly columns: ColumnBatch
  /** New event names in the order of their indexes; the first has index `firstEventName`. */
  readonly firstEventName: number
  readonly eventNames: readonly string[]
  /** Matches of the filter among the events up to the last of this delta. */
  readonly matches?: Matches
  readonly status: StatusUpdate
  /**
   * Previews of the last events of `columns`, if they are the newest events, so that rows that follow need not request
   * them.
   */
  readonly previews?: readonly EventPreview[]
  /** Generation of the wish by which `previews` were made; 0 for none. */
  readonly wish?: number
}

/** What a row of the list shows in addition to the columns. */
export interface EventPreview {
  /** The name that a message's payload gives itself, otherwise `text` or `binary`; empty for other events. */
  readonly payloadName: string
  /**
   * One short line: the beginning of the payload, or from `…` on the part of it that is looked for, or the sentence of a
   * lifecycle event.
   */
  readonly text: string
  /** What a message says in the protocol of its connection, if it is known. */
  readonly decoded?: DecodedPreview
  /** A message has only a part of a packet, which ends in a later one. */
  readonly isPart?: boolean
  /** The decoders may say more of it later: after the next `decoded`, it is worth asking again. */
  readonly isPending?: boolean
  /** Milliseconds since the request that this event answers; absent if it answers none. */
  readonly latency?: number
  /** The values at the paths that are looked for, in their order; empty for a path without a value. */
  readonly values?: readonly string[]
}

/** What previews are to show in addition to the beginning of a payload. */
export interface PreviewWish {
  /** Distinguishes wishes: deltas carry the number of the wish by which their previews were made. */
  readonly generation: number
  /** Texts in lower case. One of them is to be in view. */
  readonly find: readonly string[]
  /** JSONPaths whose first value is wanted. */
  readonly paths: readonly string[]
  /** Fields of JSON messages by which an answer names its request; `a.b` is a field of a field. */
  readonly replyKeys: readonly string[]
}

/** Calls that only read. The panel makes them through the host. */
export type ReadMethods = DecodingMethods &
  AnswerMethods &
  ExchangeMethods &
  LatencyMethods &
  FindingMethods &
  TechniqueMethods & {
    /** Previews in the order of `indexes`; empty for an event that is not kept. */
    previews: { params: { readonly indexes: readonly number[] }; result: readonly EventPreview[] }
    /** Changes what previews show from now on. */
    wish: { params: PreviewWish; result: null }
    detail: { params: { readonly index: number; readonly maxBytes: number }; result: EventDetail }
    /** A report on the session so far. Takes as long as reading the session. */
    report: { params: null; result: SessionReport }
  }

/** The documents that a report is written as. */
export const REPORT_FORMATS = ['html', 'markdown'] as const
export type ReportFormat = (typeof REPORT_FORMATS)[number]

/** Calls on a stored session, whether it is live or opened from a file. */
export type LogMethods = ReadMethods &
  DecodingEngineMethods &
  FindingEngineMethods &
  FilterMethods &
  ExcerptMethods &
  PayloadEngineMethods &
  RequestMethods &
  SavingMethods & {
    status: { params: null; result: SessionStatus }
    /** The report as a document. */
    reportDocument: { params: { readonly format: ReportFormat }; result: { readonly text: string } }
    /** Some events from `from` on as lines of the session file, with secrets masked; continue with `next`. */
    lines: {
      params: { readonly from: number; readonly max: number }
      result: { readonly lines: readonly string[]; readonly next: number }
    }
    /**
     * The first `max` events that a filter finds on a connection, or with null on all, as `lines` gives them. Rejects with
     * BAD_FILTER, and with CANCELLED if the session is cleared. Takes as long as searching the session.
     */
    find: {
      params: { readonly filter: string; readonly connection: number | null; readonly max: number }
      result: { readonly lines: readonly string[] }
    }
    /** Starts sending deltas from event `from` on. The next is sent when the last is acknowledged. */
    subscribe: { params: ReaderPosition; result: null }
    unsubscribe: { params: null; result: null }
  }

/** Calls on live connections. For a session from a file they reject with READ_ONLY. */
export type LiveMethods = ResendMethods &
  CookieMethods &
  RuleMethods &
  TrafficMethods &
  ScriptMethods & {
    disconnect: { params: { readonly id: number }; result: null }
    reconnect: { params: { readonly id: number }; result: null }
    send: {
      params: { readonly id: number; readonly message: TemplateMessage | { readonly file: string } }
      result: null
    }
    /** Sends what a form of the protocol that is spoken on the connection makes of the values. */
    sendForm: {
      params: { readonly id: number; readonly form: string; readonly values: FieldValues }
      result: null
    }
    /** The schema of the GraphQL server on a connection. Rejects with a `Failure` if the server does not tell it. */
    graphqlSchema: { params: { readonly id: number }; result: GraphqlSchema }
    /** Sends at once and then at intervals, filling placeholders each time. One of `repeat` and `sendInOrder` per connection. */
    repeat: {
      params: { readonly id: number; readonly message: TemplateMessage; readonly plan: RepeatPlan }
      result: null
    }
    /** Sends the first message at once, and each other one after its pace. */
    sendInOrder: {
      params: { readonly id: number; readonly messages: readonly TemplateMessage[]; readonly pace: Pace }
      result: null
    }
    stopSending: { params: { readonly id: number }; result: null }
    /** Adds the user's note, at a past session time in ms or now. */
    mark: { params: { readonly text: string; readonly time?: number }; result: null }
    /**
     * Removes every event so far and the connections that have ended. Live connections continue; their `connect` and
     * latest `open` are kept, because a session cannot be understood without them.
     */
    clear: { params: null; result: null }
    /** Removes a connection that has ended. Its events are kept, but not shown. */
    removeConnection: { params: { readonly id: number }; result: null }
    /** Brings back all connections that were removed. */
    restoreRemoved: { params: null; result: null }
    /** Brings back what was cleared last, or lets go of it. Rejects with NOTHING_CLEARED. */
    settleCleared: { params: { readonly undo: boolean }; result: null }
    network: { params: NetworkSettings; result: null }
  }

/** How a recording is played: from its position, or from the start if it has ended or is shown as a whole. */
export type ReplayCommand =
  | { readonly do: 'play' | 'pause' }
  /** Shows the next event regardless of its time, and pauses. */
  | { readonly do: 'step' }
  /** Goes to a session time in ms. */
  | { readonly do: 'seek'; readonly time: number }
  | { readonly do: 'speed'; readonly speed: ReplaySpeed }
  | { readonly do: 'loop'; readonly loop: boolean }
  /** Shows the whole recording again. */
  | { readonly do: 'stop' }

/** Calls on a session from a file. For a live session they reject with NOT_A_RECORDING. */
export type RecordingMethods = {
  /** Waits until the file is read, which may take long. */
  replay: { params: ReplayCommand; result: null }
}

export type EngineMethods = LogMethods &
  LiveMethods &
  RecordingMethods & {
    /** Disconnects everything and removes the capture; with `keepUnsaved`, only if it has no unsaved events. */
    shutdown: { params: { readonly keepUnsaved: boolean } | null; result: null }
  }

export type PanelMethods = ReadMethods &
  DecodingPanelMethods &
  FilterPanelMethods &
  ConnectingMethods &
  LabelMethods &
  FindingPanelMethods &
  TechniquePanelMethods &
  ExplainMethods &
  SavedRequestMethods &
  RuleMethods &
  FaultMethods &
  PayloadPanelMethods & {
    /** The page has loaded. Subscribes from the position after the events that it already has. */
    ready: { params: { readonly from: number; readonly fromEventName: number }; result: PanelContext }
    /** Answers at once, so that the page can tell whether the host responds. */
    ping: { params: null; result: null }
    disconnect: { params: { readonly id: number }; result: null }
    reconnect: { params: { readonly id: number }; result: null }
    /** Sends a message, with the variables of the shelf filled in. */
    send: { params: { readonly id: number; readonly message: ComposedMessage }; result: null }
    /** Sends what a form of the protocol that is spoken on the connection makes of the values. */
    sendForm: {
      params: { readonly id: number; readonly form: string; readonly values: FieldValues }
      result: null
    }
    /** The schema of the GraphQL server on a connection. Rejects with a `Failure` if the server does not tell it. */
    graphqlSchema: { params: { readonly id: number }; result: GraphqlSchema }
    repeat: {
      params: { readonly id: number; readonly message: ComposedMessage; readonly plan: RepeatPlan }
      result: null
    }
    sendInOrder: {
      params: { readonly id: number; readonly messages: readonly ComposedMessage[]; readonly pace: Pace }
      result: null
    }
    stopSending: { params: { readonly id: number }; result: null }
    /** Changes what is stored for the composer. Returns the new state. */
    shelve: { params: ShelfChange; result: Shelf }
    /** Starts the demo server if necessary and connects to it: by all transports, or by one. */
    startDemo: { params: { readonly transport: TransportName | null }; result: null }
    /** Asks for a target, and starts a proxy that records what goes to it. */
    startProxy: { params: null; result: null }
    /** Asks for a file and sends it. `sent` is false if the user cancels. */
    sendFile: { params: { readonly id: number }; result: { readonly sent: boolean } }
    clear: { params: null; result: null }
    settleCleared: { params: { readonly undo: boolean }; result: null }
    removeConnection: { params: { readonly id: number }; result: null }
    restoreRemoved: { params: null; result: null }
    /** Asks for a destination and saves a part of the session, or all of it. */
    save: { params: { readonly part: Part | null }; result: null }
    /** Asks for a file, and writes the report to it as HTML or Markdown. */
    exportReport: { params: null; result: null }
    copy: { params: { readonly text: string }; result: null }
    /** Plays a recording. */
    replay: { params: ReplayCommand; result: null }
    /** Opens the connections of `reopenable` again, or with `dismiss` forgets them. */
    reopen: { params: { readonly dismiss: boolean }; result: null }
    stopServing: { params: { readonly id: number }; result: null }
    /** Asks the user how to serve a session. */
    servingOptions: { params: { readonly id: number }; result: null }
    chooseUnsaved: { params: { readonly id: number; readonly choice: UnsavedChoice }; result: null }
    /** Shows the editor's list of keys with those of the panel, to change them. */
    changeKeys: { params: null; result: null }
    /** Opens the line of a program in the editor, or says that its file is not here. */
    goToCode: { params: SourceLocation; result: null }
    /** Asks for a program, and attaches to it. */
    attachToProgram: { params: null; result: null }
    /** Reads the file of a recording again. */
    reload: { params: null; result: null }
  }

export interface PanelContext {
  /** A recording is read-only: nothing can be connected, sent, marked or cleared. Default `live`. */
  readonly kind?: 'live' | 'file'
  /** The calls that the host answers, if it is not an editor; the page does not offer what needs others. Absent for all. */
  readonly calls?: readonly (keyof PanelMethods)[]
  /** The kind of remote host that connections are opened from, such as `ssh-remote`. Absent if it is the user's machine. */
  readonly openedFrom?: string
  /** The file name of a recording. */
  readonly name?: string
  /** There is a walkthrough to open. */
  readonly hasWalkthrough?: boolean
  readonly savedFilters?: readonly SavedFilter[]
  readonly trusted: boolean
  /** Saved messages and variables of the composer. */
  readonly shelf?: Shelf
  /** The state that the previous page in this window stored. */
  readonly kept?: string
}
