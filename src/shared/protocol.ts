/**
 * The messages between engine, editor host and panel. Types only: engine and host speak `Engine*`, host
 * and panel speak `Panel*`; the host passes the panel's reading calls on to the engine as they are.
 */
import type { ColumnBatch } from './columns.ts'
import type { ComposedMessage, TemplateMessage } from './compose/compose.ts'
import type { RepeatPlan } from './compose/repeat.ts'
import type { Shelf, ShelfChange } from './compose/shelf.ts'
import type {
  FilterMethods,
  FilterPanelMethods,
  Matches,
  ReaderPosition,
  SavedFilter,
} from './protocol/filtering.ts'
import type { PayloadEngineMethods, PayloadPanelMethods } from './protocol/payloads.ts'
import type { ResendMethods } from './protocol/resending.ts'
import type { Part, SavingMethods } from './protocol/saving.ts'
import type { UnsavedChoice } from './protocol/unsaved.ts'
import type { SessionReport } from './report.ts'
import type { ConnectionSpec, NetworkSettings, TransportName } from './spec.ts'
import type { ReplaySpeed, SessionStatus, WhenDiskFull } from './status.ts'

export type { ComposedMessage, TemplateMessage } from './compose/compose.ts'

/** One event in full, for the details pane. */
export interface EventDetail {
  readonly index: number
  /** The event's own fields in the session file's form, secrets masked, without its payload. */
  readonly fields: Readonly<Record<string, unknown>>
  /** The payload's first bytes, at most as many as asked for; undefined where the event has none or it was dropped. */
  readonly payload: Uint8Array<ArrayBuffer> | undefined
  /** Whole payload size in bytes. */
  readonly size: number
  /** The payload was dropped at the spool's bound. */
  readonly dropped: boolean
}

/** Bounds of one engine, in bytes but for `maxEvents`. */
export interface EngineSettings {
  readonly memoryLimit: number
  readonly spoolLimit: number
  readonly maxEvents: number
  /** Used where a spec names none. */
  readonly maxMessageSize: number
  /** Default `keepNewest`. */
  readonly whenDiskFull?: WhenDiskFull
}

/** What has come since the last batch the reader acknowledged. */
export interface Delta {
  readonly columns: ColumnBatch
  /** Event names added since, in the order of their indexes; the first has index `firstEventName`. */
  readonly firstEventName: number
  readonly eventNames: readonly string[]
  /** What the filter has found among the events up to this delta's last. */
  readonly matches?: Matches
  readonly status: SessionStatus
  /** Those of the last events of `columns`, where they are the newest there are: rows that follow need not ask. */
  readonly previews?: readonly EventPreview[]
}

/** What a row of the list says of an event beside its columns. */
export interface EventPreview {
  /** What a message's payload calls itself, else `text` or `binary`; empty for other events. */
  readonly payloadName: string
  /** One short line: the payload's beginning, or what a lifecycle event says. */
  readonly text: string
}

/** Calls that only read; the panel makes them through the host. */
export type ReadMethods = {
  /** For each event in its order; empty where it is not kept. */
  previews: { params: { readonly indexes: readonly number[] }; result: readonly EventPreview[] }
  detail: { params: { readonly index: number; readonly maxBytes: number }; result: EventDetail }
  /** The session so far in short; takes as long as reading it. */
  report: { params: null; result: SessionReport }
}

/** Calls on a session as it is kept, whether it is live or was opened from a file. */
export type LogMethods = ReadMethods &
  FilterMethods &
  PayloadEngineMethods &
  SavingMethods & {
    status: { params: null; result: SessionStatus }
    /** Some events from `from` on as lines of the session file, secrets masked; `next` is where to go on. */
    lines: {
      params: { readonly from: number; readonly max: number }
      result: { readonly lines: readonly string[]; readonly next: number }
    }
    /** Starts the flow of deltas from event `from` on; one is sent at a time until it is acknowledged. */
    subscribe: { params: ReaderPosition; result: null }
    unsubscribe: { params: null; result: null }
  }

/** Calls on live connections; for a session from a file they reject with READ_ONLY. */
export type LiveMethods = ResendMethods & {
  connect: { params: { readonly spec: ConnectionSpec }; result: { readonly id: number } }
  disconnect: { params: { readonly id: number }; result: null }
  reconnect: { params: { readonly id: number }; result: null }
  send: {
    params: { readonly id: number; readonly message: TemplateMessage | { readonly file: string } }
    result: null
  }
  /** Sends at once, then again at the interval, its placeholders filled anew each time; one a connection. */
  repeat: {
    params: { readonly id: number; readonly message: TemplateMessage; readonly plan: RepeatPlan }
    result: null
  }
  stopRepeat: { params: { readonly id: number }; result: null }
  /** The user's note, at a session time in ms that has passed, or now. */
  mark: { params: { readonly text: string; readonly time?: number }; result: null }
  /**
   * Forgets every event kept so far and the connections that have ended. Live connections go on, and keep
   * their `connect` and latest `open`, without which a session could not be understood.
   */
  clear: { params: null; result: null }
  network: { params: NetworkSettings; result: null }
}

/** How a recording is played: from where it stands, or from the start where it had ended or was shown whole. */
export type ReplayCommand =
  | { readonly do: 'play' | 'pause' }
  /** Shows the next event, whatever its time, and pauses. */
  | { readonly do: 'step' }
  /** Goes to a session time, ms. */
  | { readonly do: 'seek'; readonly time: number }
  | { readonly do: 'speed'; readonly speed: ReplaySpeed }
  | { readonly do: 'loop'; readonly loop: boolean }
  /** Shows the whole recording again. */
  | { readonly do: 'stop' }

/** Calls on a session from a file; for a live one they reject with NOT_A_RECORDING. */
export type RecordingMethods = {
  /** Waits for the file to be read, which may take long. */
  replay: { params: ReplayCommand; result: null }
}

export type EngineMethods = LogMethods &
  LiveMethods &
  RecordingMethods & {
    /** Disconnects everything and removes the spool, unless events that were not saved are to be kept in it. */
    shutdown: { params: { readonly keepUnsaved: boolean } | null; result: null }
  }

export type PanelMethods = ReadMethods &
  FilterPanelMethods &
  PayloadPanelMethods & {
    /** The panel has loaded: subscribe from what it already holds. */
    ready: { params: { readonly from: number; readonly fromEventName: number }; result: PanelContext }
    /** Answers at once: the page asks it to know whether anybody does. */
    ping: { params: null; result: null }
    /** Connects; without a spec the host asks for the URL. Result undefined where the user changed their mind. */
    connect: { params: { readonly spec: ConnectionSpec | null }; result: { readonly id: number } | null }
    disconnect: { params: { readonly id: number }; result: null }
    reconnect: { params: { readonly id: number }; result: null }
    /** Sends with the variables of the shelf put in. */
    send: { params: { readonly id: number; readonly message: ComposedMessage }; result: null }
    repeat: {
      params: { readonly id: number; readonly message: ComposedMessage; readonly plan: RepeatPlan }
      result: null
    }
    stopRepeat: { params: { readonly id: number }; result: null }
    /** Changes what is kept for the composer; the result is what is kept now. */
    shelve: { params: ShelfChange; result: Shelf }
    /** Starts the demo server, if need be, and connects to it: by all transports, or by one. */
    startDemo: { params: { readonly transport: TransportName | null }; result: null }
    /** Asks for a file and sends it; false where the user changed their mind. */
    sendFile: { params: { readonly id: number }; result: { readonly sent: boolean } }
    clear: { params: null; result: null }
    /** Asks where to and saves: a part of the session, or all of it. */
    save: { params: { readonly part: Part | null }; result: null }
    copy: { params: { readonly text: string }; result: null }
    /** Plays a recording. */
    replay: { params: ReplayCommand; result: null }
    /** Connects again what `reopenable` names, or with `dismiss` forgets it. */
    reopen: { params: { readonly dismiss: boolean }; result: null }
    stopServing: { params: { readonly id: number }; result: null }
    /** Lets the user choose how a session is served. */
    servingOptions: { params: { readonly id: number }; result: null }
    chooseUnsaved: { params: { readonly id: number; readonly choice: UnsavedChoice }; result: null }
    /** Reads the file of a recording anew. */
    reload: { params: null; result: null }
  }

export interface PanelContext {
  /** A recording is read-only: nothing can be connected, sent, marked or cleared. Default `live`. */
  readonly kind?: 'live' | 'file'
  /** Of a recording: the file's name. */
  readonly name?: string
  readonly recentUrls: readonly string[]
  readonly savedFilters?: readonly SavedFilter[]
  readonly trusted: boolean
  /** Saved messages and variables of the composer. */
  readonly shelf?: Shelf
  /** What the page before this one had the host keep. */
  readonly kept?: string
}
