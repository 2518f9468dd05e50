/** Keeps the local authority in a folder of the user: a certificate to trust, and a key that only the user can read. */
import { mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { isIPv6 } from 'node:net'
import { homedir, hostname, userInfo } from 'node:os'
import { isAbsolute, join } from 'node:path'
import { Failure, sentenceOf } from '../../shared/failure.ts'
import type { CertifiedKey } from './certificates.ts'

const CERTIFICATE = 'authority.crt'
const KEY = 'authority.key'
const MAX_HOSTS = 50
/** Also an address of IPv4. */
const DOMAIN = /^(?=.{1,253}$)[a-z\d](?:[a-z\d-]{0,61}[a-z\d])?(?:\.[a-z\d](?:[a-z\d-]{0,61}[a-z\d])?)*$/
/** Only the user can read and write it. */
const PRIVATE = 0o600
const PRIVATE_FOLDER = 0o700

export interface Authority extends CertifiedKey {
  /** The file to trust. */
  readonly file: string
  /** Hosts that it can certify, and what is below them. */
  readonly hosts: readonly string[]
  readonly validTo: Date
}

/** The folder of the user in which the authority is kept. Throws a `Failure` `NO_HOME` if the user has none. */
export function authorityFolder(
  env: NodeJS.ProcessEnv = process.env,
  platform: NodeJS.Platform = process.platform,
): string {
  if (platform === 'win32')
    return join(env.APPDATA ?? join(home(), 'AppData', 'Roaming'), 'Realtime Inspector')
  if (platform === 'darwin') return join(home(), 'Library', 'Application Support', 'Realtime Inspector')
  // The XDG Base Directory Specification ignores a path that is not absolute.
  const own = env.XDG_CONFIG_HOME ?? ''
  return join(isAbsolute(own) ? own : join(home(), '.config'), 'realtime-inspector')
}

/** Never the folder in which a program starts: its files may be anyone's. */
function home(): string {
  const folder = homedir()
  if (isAbsolute(folder)) return folder
  throw new Failure(
    'NO_HOME',
    'The local authority has no folder, because the environment variable HOME is not an absolute path. Set it to your home.',
  )
}

/** In a container, a user may have only a number. */
function userName(): string {
  try {
    return userInfo().username
  } catch {
    return String(process.geteuid?.() ?? 'a user')
  }
}

/** Makes an authority for hosts. Rejects with a `Failure` if there is one, or if it cannot be written. */
export async function createAuthority(
  hosts: readonly string[],
  folder = authorityFolder(),
): Promise<Authority> {
  for (const host of hosts) checkHost(host)
  if (hosts.length === 0 || hosts.length > MAX_HOSTS)
    throw new Failure('BAD_HOST', `Name between 1 and ${MAX_HOSTS} hosts that the authority is for.`)
  const { makeAuthority } = await import('./certificates.ts')
  const { certificate, key } = await makeAuthority(hosts, `${userName()} on ${hostname()}`)
  const file = join(folder, CERTIFICATE)
  try {
    await mkdir(folder, { recursive: true, mode: PRIVATE_FOLDER })
    await writeFile(join(folder, KEY), key, { flag: 'wx', mode: PRIVATE })
    await writeFile(file, certificate, { mode: 0o644 })
  } catch (error) {
    if (codeOf(error) === 'EEXIST')
      throw new Failure(
        'AUTHORITY_EXISTS',
        `There is an authority already: ${file}. Remove it with "authority remove" before you make another one.`,
      )
    throw new Failure(
      'AUTHORITY_UNWRITTEN',
      `The authority could not be written to ${folder}: ${sentenceOf(error)}.`,
    )
  }
  return await readAuthority(folder)
}

/**
 * The authority of the user. Rejects with a `Failure`: `NO_AUTHORITY`, `AUTHORITY_EXPIRED`, or one that says why it cannot be
 * used.
 */
export async function readAuthority(folder = authorityFolder()): Promise<Authority> {
  const file = join(folder, CERTIFICATE)
  const keyFile = join(folder, KEY)
  const [certificate, key] = await Promise.all([readText(file), readText(keyFile)])
  if (certificate === undefined || key === undefined)
    throw new Failure('NO_AUTHORITY', 'There is no local authority. Make one with "authority create HOST".')
  await checkPrivate(keyFile)
  const { describeAuthority } = await import('./certificates.ts')
  const { hosts, validTo } = described(file, () => describeAuthority(certificate))
  if (validTo.getTime() <= Date.now())
    throw new Failure(
      'AUTHORITY_EXPIRED',
      `The local authority was valid until ${validTo.toISOString().slice(0, 10)}. Remove it with "authority remove", and make another one.`,
    )
  return { certificate, key, file, hosts, validTo }
}

/** Deletes the authority. Resolves with the file that was to be trusted; undefined if there was none. */
export async function removeAuthority(folder = authorityFolder()): Promise<string | undefined> {
  const file = join(folder, CERTIFICATE)
  const existed = (await readText(file)) !== undefined || (await readText(join(folder, KEY))) !== undefined
  await rm(join(folder, KEY), { force: true })
  await rm(file, { force: true })
  return existed ? file : undefined
}

/** Throws a `Failure` `NOT_CERTIFIED` unless the authority can certify a host: it is one of its hosts, or below one of them. */
export function checkCertifiable({ hosts }: Pick<Authority, 'hosts'>, host: string): void {
  if (hosts.some((each) => host === each || host.endsWith(`.${each}`))) return
  throw new Failure(
    'NOT_CERTIFIED',
    `The local authority cannot certify ${host}: it is for ${hosts.join(', ')}. Remove it with "authority remove", and make one for ${host} as well.`,
  )
}

/** An address, or labels of letters, digits and hyphens (RFC 1034 section 3.5). */
function checkHost(host: string): void {
  const isAddress = /^[\da-f:]+$/.test(host) && isIPv6(host)
  if (!isAddress && !DOMAIN.test(host))
    throw new Failure(
      'BAD_HOST',
      `"${host.slice(0, 100)}" is not a host: write a domain such as localhost or example.com, or an address.`,
    )
}

/** A key that others can read is not used, and stays as it is: somebody may have a copy. On Windows, the folder is private. */
async function checkPrivate(keyFile: string): Promise<void> {
  if (process.platform === 'win32') return
  const { mode } = await stat(keyFile)
  if ((mode & 0o077) === 0) return
  throw new Failure(
    'AUTHORITY_EXPOSED',
    'Other users could read the key of the local authority. Remove the authority with "authority remove", stop trusting it, and make another one.',
  )
}

function described<T>(file: string, read: () => T): T {
  try {
    return read()
  } catch {
    throw new Failure(
      'BAD_AUTHORITY',
      `${file} is not a certificate of an authority. Remove it with "authority remove".`,
    )
  }
}

async function readText(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8')
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined
    throw new Failure('BAD_AUTHORITY', `The local authority cannot be read: ${sentenceOf(error)}.`)
  }
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined
}
