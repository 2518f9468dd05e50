/** The host's side of the form for a connection: it has the secrets and the certificates, the page has neither. */
import { isUtf8 } from 'node:buffer'
import * as vscode from 'vscode'
import { parseSpec } from '../../request/parse-spec.ts'
import { fillSecrets, forEditing } from '../../request/remembered.ts'
import { knownOr, type SecretValues, secretValues } from '../../request/secret-values.ts'
import { Failure } from '../../shared/failure.ts'
import {
  CERTIFICATE_FILES,
  type CertificateFile,
  type ChosenFile,
  type FormDraft,
  type FormFile,
  type FormSource,
} from '../../shared/protocol/connecting.ts'
import type { PanelMethods } from '../../shared/protocol.ts'
import { MASK } from '../../shared/secrets.ts'
import type { ConnectionSpec, TlsOptions } from '../../shared/spec.ts'
import { nameOf } from '../files/file-names.ts'
import type { KeptSecrets } from '../session/kept-secrets.ts'
import { hostFiles } from '../settings/host-certificates.ts'
import { askSecrets } from './ask-secrets.ts'
import type { Connector } from './connect.ts'

/** Largest file for a body or a certificate, in bytes. */
const MAX_FILE = 1024 * 1024

/** A file of PEM texts; a connection that is edited has no file names. */
interface Pem {
  readonly name: string
  readonly texts: readonly string[]
}

interface Draft {
  readonly id: number
  /** As it was, as far as the host knows its secrets. */
  readonly spec: ConnectionSpec
  readonly known: SecretValues
  readonly files: Map<CertificateFile, Pem>
}

export interface ConnectionFormOptions {
  readonly connector: Connector
  readonly kept: KeptSecrets
}

export class ConnectionForm {
  readonly #options: ConnectionFormOptions
  #draft: Draft | undefined
  #last = 0

  constructor(options: ConnectionFormOptions) {
    this.#options = options
  }

  async open(source: FormSource): Promise<FormDraft> {
    const { connector, kept } = this.#options
    const spec = connector.specOf(source)
    const stored = await kept.of(spec)
    const known = 'connection' in source ? secretValues(spec) : (stored ?? {})
    const id = ++this.#last
    this.#draft = { id, spec, known, files: pemsOf(spec) }
    const authorization = authorizationIn(known)
    return {
      id,
      spec: forEditing(spec),
      known: Object.keys(known),
      certificates: Object.fromEntries([...this.#draft.files].map(([use, { name }]) => [use, name])),
      ofHosts: hostFiles(),
      isRemembered: stored !== undefined,
      ...(authorization !== undefined && { authorization }),
    }
  }

  async chooseFile(form: number, use: FormFile): Promise<ChosenFile | null> {
    const { files } = this.#current(form)
    const uris = await vscode.window.showOpenDialog({ title: TITLES[use] })
    const uri = uris?.[0]
    if (uri === undefined) return null
    const bytes = await read(uri)
    const name = nameOf(uri)
    if (use === 'body') return { name, body: bodyOf(bytes) }
    files.set(use, { name, texts: [new TextDecoder().decode(bytes)] })
    return { name }
  }

  /** Connects with what the user has entered. Asks for what neither the page nor the host knows. */
  async connect({
    form,
    spec: given,
    certificates,
    remember,
  }: PanelMethods['connectForm']['params']): Promise<number> {
    const { spec: before, known, files } = this.#current(form)
    const entered = parseSpec(given)
    const tls = tlsOf(entered.tls, files, certificates)
    const isBodyKept = entered.body === MASK && before.body !== undefined && before.body !== MASK
    const { tls: _, ...rest } = entered
    const spec = await askSecrets(
      { ...rest, ...(tls !== undefined && { tls }), ...(isBodyKept && { body: before.body }) },
      known,
    )
    const { kept, connector } = this.#options
    await (remember ? kept.keep(spec) : kept.forget(spec))
    return await connector.open(spec)
  }

  /** What the user has entered, with the secrets that the host knows. The others are `***`. */
  async entered(form: number, given: ConnectionSpec): Promise<ConnectionSpec> {
    const { spec: before, known } = this.#current(form)
    const filled = await fillSecrets(
      parseSpec(given),
      knownOr(known, async () => MASK),
    )
    return { ...filled, ...(given.body === MASK && before.body !== undefined && { body: before.body }) }
  }

  async forget(form: number): Promise<void> {
    await this.#options.kept.forget(this.#current(form).spec)
  }

  #current(form: number): Draft {
    if (this.#draft?.id !== form)
      throw new Failure('OLD_FORM', vscode.l10n.t('The form is out of date. Close it and open it again.'))
    return this.#draft
  }
}

const TITLES: Readonly<Record<FormFile, string>> = {
  body: vscode.l10n.t('File for the Body'),
  ca: vscode.l10n.t('Certificates of Trusted Authorities (PEM)'),
  cert: vscode.l10n.t('Client Certificate (PEM)'),
  key: vscode.l10n.t('Key of the Client Certificate (PEM)'),
}

function authorizationIn(known: SecretValues): FormDraft['authorization'] {
  const [, values] = Object.entries(known).find(([name]) => name.toLowerCase() === 'authorization') ?? []
  const scheme = /^(basic|bearer) /i.exec(values?.[0] ?? '')?.[1]
  return scheme?.toLowerCase() as FormDraft['authorization']
}

function pemsOf({ tls = {} }: ConnectionSpec): Map<CertificateFile, Pem> {
  const { ca, cert, key } = tls
  const texts = {
    ca,
    cert: cert === undefined ? undefined : [cert],
    key: key === undefined ? undefined : [key],
  }
  const name = vscode.l10n.t('as before')
  return new Map(
    CERTIFICATE_FILES.flatMap((use) => {
      const pem = texts[use]
      return pem === undefined ? [] : [[use, { name, texts: pem }] as const]
    }),
  )
}

function tlsOf(
  entered: TlsOptions | undefined,
  files: ReadonlyMap<CertificateFile, Pem>,
  used: readonly CertificateFile[],
): TlsOptions | undefined {
  const textsOf = (use: CertificateFile) => (used.includes(use) ? files.get(use)?.texts : undefined)
  const [ca, cert, key] = [textsOf('ca'), textsOf('cert')?.[0], textsOf('key')?.[0]]
  const tls = {
    ...entered,
    ...(ca !== undefined && { ca }),
    ...(cert !== undefined && { cert }),
    ...(key !== undefined && { key }),
  }
  return Object.keys(tls).length === 0 ? undefined : tls
}

async function read(uri: vscode.Uri): Promise<Uint8Array> {
  const { size } = await vscode.workspace.fs.stat(uri)
  if (size > MAX_FILE)
    throw new Failure('TOO_LARGE', vscode.l10n.t('The file is larger than 1 MiB. Choose a smaller one.'))
  return await vscode.workspace.fs.readFile(uri)
}

function bodyOf(bytes: Uint8Array): NonNullable<ConnectionSpec['body']> {
  return isUtf8(bytes) ? new TextDecoder().decode(bytes) : { base64: Buffer.from(bytes).toString('base64') }
}
