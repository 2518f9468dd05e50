/** Calls of the page on the requests of the workspace's `.http` and `.rest` files. The host finds files by their paths. */
import type { ComposedMessage } from '../compose/compose.ts'
import type { ConnectionSpec } from '../spec.ts'
import type { TransportName } from '../transports.ts'

/** A request by its file, relative to the workspace, and its name there. */
export interface RequestName {
  readonly file: string
  readonly name: string
}

export interface ListedRequest extends RequestName {
  readonly transport: TransportName | 'auto'
  /** As written, with placeholders, and with secrets masked. */
  readonly url: string
  /** The protocol that it speaks. */
  readonly protocol?: string
}

/** A message that a request sends. */
export interface RequestMessage {
  /** Its position among the steps of the request. */
  readonly step: number
  readonly name?: string
  /** The beginning, as written. */
  readonly text: string
}

/** The request that opened a connection, and its messages as the file has them now. */
export interface ConnectionRequest extends RequestName {
  readonly connection: number
  readonly messages: readonly RequestMessage[]
}

export interface SavedRequests {
  /** By file; the first ones if there are many. */
  readonly listed: readonly ListedRequest[]
  readonly ofConnections: readonly ConnectionRequest[]
}

export const NO_REQUESTS: SavedRequests = { listed: [], ofConnections: [] }

/** Requests that a page gets, and messages of each. */
export const MAX_LISTED_REQUESTS = 200
export const MAX_LISTED_MESSAGES = 100
/** Characters of a message that a page gets. */
export const MAX_LISTED_TEXT = 200
/** Longest path of a file, name of a request, and name of a message. */
export const MAX_REQUEST_NAME = 4096

/** What is saved as a request. */
export type SaveRequestSource =
  | { readonly connection: number }
  | { readonly recent: number }
  /** What the user has entered in a form. */
  | { readonly form: number; readonly spec: ConnectionSpec }

export type SavedRequestMethods = {
  /** Null if the user cancels. */
  runRequest: { params: RequestName; result: { readonly id: number } | null }
  /** Asks where to save. */
  saveRequest: { params: { readonly source: SaveRequestSource }; result: null }
  /** Shows the request of a connection in its file. */
  editRequest: { params: { readonly connection: number }; result: null }
  /** Writes what the user has entered in the form of a connection into its request. */
  updateRequest: {
    params: { readonly form: number; readonly connection: number; readonly spec: ConnectionSpec }
    result: { readonly updated: boolean }
  }
  /** Adds a message to the request of a connection: one that was sent, or one that was written. Asks for a missing name. */
  keepMessage: {
    params: {
      readonly connection: number
      readonly message: ComposedMessage | { readonly index: number }
      readonly name: string | null
    }
    result: { readonly kept: boolean }
  }
  /** Sends a message of the request that opened a connection. */
  sendStep: { params: { readonly id: number; readonly step: number }; result: null }
  /** Sends all messages of the request, with its waits. */
  sendScript: { params: { readonly id: number }; result: null }
  stopScript: { params: { readonly id: number }; result: null }
}
