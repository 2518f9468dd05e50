/** Calls on what sees the traffic of other programs: recording proxies, and programs that are attached to. */
import type { FaultSpec } from '../faults.ts'

export interface ProxyOptions {
  /** An `http:` or `https:` URL that everything is passed on to. Absent: a forward proxy. */
  readonly target?: string
  /** Default 0: a free port. */
  readonly port?: number
  /** Default 127.0.0.1. */
  readonly host?: string
  readonly faults?: readonly FaultSpec[]
  /** Forward proxy: hosts whose TLS is recorded with the local authority. */
  readonly decrypt?: readonly string[]
  /** Accept any certificate of the target. */
  readonly insecure?: boolean
  /** Authorities to trust as well: PEM texts, not file names. */
  readonly ca?: readonly string[]
}

/** A proxy that runs. */
export interface ProxyStatus {
  readonly id: number
  /** Its URL, for clients. */
  readonly listening: string
  readonly target?: string
  /** It accepts any certificate of the target. */
  readonly insecure?: true
  /** Requests and tunnels that passed and are not recorded, and the bytes of their contents. */
  readonly passed: { readonly requests: number; readonly bytes: number }
  readonly faults: readonly FaultSpec[]
  /** The faults of single connections, in place of those of all. */
  readonly connectionFaults?: readonly {
    readonly connection: number
    readonly faults: readonly FaultSpec[]
  }[]
  /** The oldest messages that are held, in the order of their arrival. */
  readonly held?: readonly HeldMessage[]
  /** The number of messages that are held. `held` may list only some of them. */
  readonly heldCount?: number
}

/** A message that a proxy holds until the user releases it. */
export interface HeldMessage {
  readonly id: number
  readonly connection: number
  readonly direction: 'in' | 'out'
  readonly opcode: 'text' | 'binary'
  /** Bytes. */
  readonly size: number
  /** Its text, if it is a text that is not too long to edit it here. */
  readonly text?: string
}

/** A program that is attached to. */
export interface AttachmentStatus {
  readonly id: number
  readonly endpoint: string
  /** What the program says it is, such as `Chrome/141.0` or `node.js/v24.1.0`. */
  readonly program?: string
  /** Pages, workers and the like that are followed now. */
  readonly targets: readonly { readonly type: string; readonly title: string; readonly url: string }[]
  /** Why it ended, as one sentence; absent while it is attached. */
  readonly ended?: string
  /** It did not end because the program ended, or because it was detached from. */
  readonly hasFailed?: true
  /** What cannot be seen of this program, in sentences. */
  readonly limits: readonly string[]
}

export interface AttachOptions {
  /** `http://127.0.0.1:9222`, or a `ws:` URL. */
  readonly endpoint: string
  /** Only connections with this text in their URL. */
  readonly match?: string
  /** The endpoint is the proxy of VS Code's JavaScript debugger. */
  readonly isDebugSession?: boolean
  /** Of a debug session, whose endpoint does not say it: what the program is, such as `Node.js` or `Chrome`. */
  readonly program?: string
  /** Of a debug session: its name. */
  readonly title?: string
}

/** Calls of the panel's page. */
export type FaultMethods = Pick<TrafficMethods, 'setFaults' | 'cut' | 'releaseHeld'>

export type TrafficMethods = {
  /** Rejects with a `Failure` if the proxy cannot listen. */
  startProxy: { params: ProxyOptions; result: ProxyStatus }
  stopProxy: { params: { readonly id: number }; result: null }
  /**
   * Replaces the faults of a proxy, or of one of its connections; without faults, a connection has those of the proxy again.
   * Rejects with a `Failure` `BAD_FAULT`.
   */
  setFaults: {
    params: { readonly proxy: number; readonly connection?: number; readonly faults: readonly FaultSpec[] }
    result: null
  }
  /** Cuts a connection of a proxy on both sides. */
  cut: { params: { readonly connection: number }; result: null }
  /** Passes a held message on, changed if `text` or `base64` is given, or drops it. Without `message`: all that are held. */
  releaseHeld: {
    params: {
      readonly proxy: number
      readonly message?: number
      readonly text?: string
      readonly base64?: string
      readonly drop?: boolean
    }
    result: null
  }
  /** Rejects with a `Failure` if there is nothing at the endpoint. */
  attach: { params: AttachOptions; result: AttachmentStatus }
  detach: { params: { readonly id: number }; result: null }
}
