/** A certificate authority and its certificates, made with openssl when a test needs them. */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export interface Certificate {
  readonly cert: string
  readonly key: string
}

export interface Certificates {
  /** PEM of the authority that signed all certificates except `selfSigned`. */
  readonly ca: string
  /** For 127.0.0.1 and localhost. */
  readonly server: Certificate
  readonly expired: Certificate
  readonly otherHost: Certificate
  readonly client: Certificate
  readonly selfSigned: Certificate
}

const LOOPBACK = 'subjectAltName=IP:127.0.0.1,DNS:localhost'
const NEW_KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes']

let made: Certificates | undefined

/** The certificates of this test run. */
export function certificates(): Certificates {
  made ??= inTemporaryFolder(make)
  return made
}

function inTemporaryFolder<T>(work: (folder: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), 'certificates-'))
  try {
    return work(folder)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

function make(folder: string): Certificates {
  const openssl = (...args: string[]) => execFileSync('openssl', args, { cwd: folder, stdio: 'pipe' })
  const read = (name: string): Certificate => ({
    cert: readFileSync(join(folder, `${name}.pem`), 'utf8'),
    key: readFileSync(join(folder, `${name}.key`), 'utf8'),
  })
  const selfSigned = (name: string, ...more: string[]) => {
    openssl(
      'req',
      '-x509',
      ...NEW_KEY,
      '-keyout',
      `${name}.key`,
      '-out',
      `${name}.pem`,
      '-days',
      '2',
      '-subj',
      `/CN=${name}`,
      ...more,
    )
    return read(name)
  }
  const signed = (name: string, altName: string, ...validity: string[]) => {
    openssl(
      'req',
      '-new',
      ...NEW_KEY,
      '-keyout',
      `${name}.key`,
      '-out',
      `${name}.csr`,
      '-subj',
      `/CN=${name}`,
    )
    writeFileSync(join(folder, 'extensions'), altName)
    openssl(
      'x509',
      '-req',
      '-in',
      `${name}.csr`,
      '-CA',
      'authority.pem',
      '-CAkey',
      'authority.key',
      '-CAcreateserial',
      '-extfile',
      'extensions',
      '-out',
      `${name}.pem`,
      ...validity,
    )
    return read(name)
  }
  const { cert: ca } = selfSigned('authority', '-addext', 'basicConstraints=critical,CA:TRUE')
  return {
    ca,
    server: signed('server', LOOPBACK, '-days', '2'),
    expired: signed('expired', LOOPBACK, '-days', '-1'),
    otherHost: signed('other', 'subjectAltName=DNS:other.example', '-days', '2'),
    client: signed('client', 'extendedKeyUsage=clientAuth', '-days', '2'),
    selfSigned: selfSigned('alone', '-addext', LOOPBACK),
  }
}
