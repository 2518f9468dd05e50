/** The certificates of the setting: which files they are in, and what these have. Does not import `vscode`. */
import { createPrivateKey } from 'node:crypto'
import { readFile, stat } from 'node:fs/promises'
import { homedir } from 'node:os'
import { basename, isAbsolute, join } from 'node:path'
import tls from 'node:tls'
import * as v from 'valibot'
import { Failure, sentenceOf } from '../../shared/failure.ts'
import { type HostCertificates, isEncryptedKey, isHostPattern } from '../../shared/host-certificates.ts'
import type { HostFiles } from '../../shared/protocol/connecting.ts'
import type { CertificateEntry, Settings } from './settings.ts'

export const CERTIFICATES: keyof Settings = 'realtimeInspector.certificates'

const MAX_ENTRIES = 100
/** Bytes of one file. */
const MAX_FILE = 1024 * 1024
const FOLDER = /^\$\{workspaceFolder\}/

const path = v.pipe(v.string(), v.nonEmpty(), v.maxLength(4096))
const entry = v.pipe(
  v.strictObject({
    host: v.pipe(v.string(), v.check(isHostPattern)),
    ca: v.optional(v.union([path, v.pipe(v.array(path), v.maxLength(20))])),
    cert: v.optional(path),
    key: v.optional(path),
    pfx: v.optional(path),
  }),
  v.check(({ cert, key, pfx }) => (cert === undefined) === (key === undefined) && !(cert && pfx)),
)

/** The entries of the setting that can be read, and a sentence about the others. */
export function readCertificates(value: unknown): {
  readonly entries: readonly CertificateEntry[]
  readonly problem?: string
} {
  const given = Array.isArray(value) ? value.slice(0, MAX_ENTRIES) : []
  const entries = given.flatMap((each) => {
    const { success, output } = v.safeParse(entry, each)
    return success ? [output] : []
  })
  if (entries.length === given.length) return { entries }
  const problem = `${given.length - entries.length} entries of ${CERTIFICATES} are not used: each needs a host such as example.com or *.example.com, and cert with key, pfx, or ca.`
  return { entries, problem }
}

/** For people: the names of the files, without their folders. */
export function filesOf({ host, ca = [], cert, pfx }: CertificateEntry): HostFiles {
  const files = [cert, pfx, ...[ca].flat()].filter((file) => file !== undefined)
  return { host, files: files.map((file) => basename(file)) }
}

export interface LoadOptions {
  /** The folder for relative paths; undefined if there is none. */
  readonly folder: string | undefined
  /**
   * The passphrase of a file: one for which `opens` is true. Undefined if it is not known. Rejects with `CANCELLED` if the
   * user does not give it.
   */
  passphraseOf(
    file: string,
    entry: CertificateEntry,
    opens: (given: string) => boolean,
  ): Promise<string | undefined>
}

/** Reads the files of an entry. If that fails, the result says why. Rejects only with `CANCELLED`. */
export async function loadCertificates(
  given: CertificateEntry,
  options: LoadOptions,
): Promise<HostCertificates> {
  const { host } = given
  try {
    return { host, ...(await load(given, options)) }
  } catch (thrown) {
    if (thrown instanceof Failure && thrown.code === 'CANCELLED') throw thrown
    return { host, problem: sentenceOf(thrown) }
  }
}

async function load(given: CertificateEntry, options: LoadOptions): Promise<Omit<HostCertificates, 'host'>> {
  const { ca = [], cert, key, pfx } = given
  const read = (file: string) => readLimited(pathOf(file, options.folder))
  const text = async (file: string) => (await read(file)).toString('utf8')
  const authorities = await Promise.all([ca].flat().map(text))
  const trusted = authorities.length > 0 ? { ca: authorities } : {}
  const passphrase = async (file: string, opens: (typed: string) => boolean) => {
    const found = await options.passphraseOf(pathOf(file, options.folder), given, opens)
    if (found === undefined)
      throw new Failure(
        'NO_PASSPHRASE',
        `The passphrase of ${basename(file)} is not known; connect to the host itself to be asked for it.`,
      )
    return found
  }
  if (pfx !== undefined) {
    const bytes = await read(pfx)
    const opens = (typed: string) => opensPfx(bytes, typed)
    return {
      ...trusted,
      pfx: bytes.toString('base64'),
      ...(!opens('') && { passphrase: await passphrase(pfx, opens) }),
    }
  }
  if (cert === undefined || key === undefined) return trusted
  const pem = await text(key)
  return {
    ...trusted,
    cert: await text(cert),
    key: pem,
    ...(isEncryptedKey(pem) && {
      passphrase: await passphrase(key, (typed) => opensKey(pem, typed)),
    }),
  }
}

function pathOf(file: string, folder: string | undefined): string {
  if (isAbsolute(file)) return file
  if (/^~[/\\]/.test(file)) return join(homedir(), file.slice(2))
  if (folder !== undefined) return join(folder, file.replace(FOLDER, ''))
  throw new Failure('NO_FOLDER', `The path ${file} is relative, and no folder is open; write the whole path.`)
}

async function readLimited(file: string): Promise<Buffer> {
  try {
    if ((await stat(file)).size <= MAX_FILE) return await readFile(file)
  } catch (thrown) {
    throw new Failure(
      'NO_FILE',
      `${file} cannot be read (${sentenceOf(thrown)}); correct the setting ${CERTIFICATES}.`,
    )
  }
  throw new Failure('TOO_LARGE', `${file} is larger than 1 MiB; correct the setting ${CERTIFICATES}.`)
}

function opensKey(key: string, passphrase: string): boolean {
  try {
    createPrivateKey({ key, passphrase })
    return true
  } catch {
    return false
  }
}

/** Throws a `Failure` if no passphrase can open it. */
function opensPfx(pfx: Buffer, passphrase: string): boolean {
  try {
    tls.createSecureContext({ pfx, passphrase })
    return true
  } catch (thrown) {
    if (/unsupported|not enough data|wrong tag/i.test(sentenceOf(thrown)))
      throw new Failure(
        'BAD_CERTIFICATE',
        'The PKCS #12 file is damaged, or encrypted in an old way that is not supported; export it again.',
      )
    return false
  }
}
