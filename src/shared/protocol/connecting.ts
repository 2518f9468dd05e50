/**
 * Calls of the page for connecting. The page never gets a secret: what it shows has `***` in its place, which the host
 * fills in when it connects.
 */
import type { ConnectionSpec } from '../spec.ts'
import type { TransportName } from '../transports.ts'

/** A connection that was opened before. Its number is its position in the list. */
export interface RecentConnection {
  /** With secrets masked. */
  readonly spec: ConnectionSpec
  /** When it was opened last, in milliseconds since 1970. Absent if an earlier version stored it. */
  readonly at?: number
  /** The user will be asked for secrets. */
  readonly asks: boolean
}

/** A request for a well-known API, which the user completes. */
export interface ListedPreset {
  readonly name: string
  readonly title: string
  readonly hint: string
  /** The protocol that is spoken. */
  readonly protocol?: string
  readonly transport: TransportName | 'auto'
}

/** A recording in the workspace. Its number is its position in the list. */
export interface FoundRecording {
  /** Path in the workspace. */
  readonly path: string
  /** Bytes. */
  readonly size: number
  /** Milliseconds since 1970. */
  readonly modified: number
  /** Absent if finding it out would take long. */
  readonly connections?: number
  /** Milliseconds. */
  readonly duration?: number
}

/** Files that a form can use. */
export const CERTIFICATE_FILES = ['ca', 'cert', 'key'] as const
export type CertificateFile = (typeof CERTIFICATE_FILES)[number]
export const FORM_FILES = ['body', ...CERTIFICATE_FILES] as const
export type FormFile = (typeof FORM_FILES)[number]

/** What a form begins with: a connection or a recent one to edit, or a URL. */
export type FormSource =
  | { readonly connection: number }
  | { readonly recent: number }
  | { readonly url: string }

/** Files that the settings have for a host. */
export interface HostFiles {
  /** As in `HostCertificates`. */
  readonly host: string
  readonly files: readonly string[]
}

/** A form that the host has opened. Only the last one can be used. */
export interface FormDraft {
  readonly id: number
  /** With secrets masked, except for a body in which nothing looks like a secret. */
  readonly spec: ConnectionSpec
  /** Names of the secrets that the host can fill in. The user is asked for the others. */
  readonly known: readonly string[]
  /** The scheme of the `Authorization` header, if the host knows it. */
  readonly authorization?: 'basic' | 'bearer'
  /** Certificates that are in use, with their names. */
  readonly certificates: Readonly<Partial<Record<CertificateFile, string>>>
  /** Certificates of the settings. */
  readonly ofHosts?: readonly HostFiles[]
  /** The secrets are in the editor's secret storage. */
  readonly isRemembered: boolean
}

/** A file for a form. The content of certificates and keys stays in the host. */
export interface ChosenFile {
  readonly name: string
  readonly body?: NonNullable<ConnectionSpec['body']>
}

export type ConnectingMethods = {
  /** Connects; without a spec the host asks for the URL. Null if the user cancels. */
  connect: { params: { readonly spec: ConnectionSpec | null }; result: { readonly id: number } | null }
  /** Connects as a connection did, by another transport or without checking the certificate. Secrets are kept. */
  connectAs: {
    params: { readonly id: number; readonly transport: TransportName | null; readonly insecure: boolean }
    result: { readonly id: number } | null
  }
  recents: { params: null; result: readonly RecentConnection[] }
  connectRecent: { params: { readonly recent: number }; result: { readonly id: number } | null }
  /** Returns the others. */
  forgetRecent: { params: { readonly recent: number }; result: readonly RecentConnection[] }
  /** The first few are for a list with little room. */
  presets: { params: null; result: readonly ListedPreset[] }
  /** Connects with a preset, or asks for one. Null if the user cancels. */
  connectPreset: { params: { readonly preset: string | null }; result: { readonly id: number } | null }
  /** The newest recordings of the workspace. */
  recordings: { params: null; result: readonly FoundRecording[] }
  /** Opens a found recording, or asks for one. */
  openRecording: { params: { readonly recording: number | null }; result: null }
  openWalkthrough: { params: null; result: null }
  openForm: { params: { readonly source: FormSource }; result: FormDraft }
  /** Asks for a file. Null if the user cancels. */
  chooseFile: { params: { readonly form: number; readonly use: FormFile }; result: ChosenFile | null }
  connectForm: {
    params: {
      readonly form: number
      readonly spec: ConnectionSpec
      /** The certificates to use, among those of the form. */
      readonly certificates: readonly CertificateFile[]
      /** Keep the secrets in the editor's secret storage. */
      readonly remember: boolean
    }
    result: { readonly id: number } | null
  }
  /** Removes the secrets of the form from the secret storage. */
  forgetSecrets: { params: { readonly form: number }; result: null }
}
