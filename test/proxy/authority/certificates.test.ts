/** Certificates of the authority and of hosts: the bytes, by an independent library, and what TLS clients say of them. */
import 'reflect-metadata'
import assert from 'node:assert/strict'
import { execFile, execFileSync, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { connect } from 'node:tls'
import { promisify } from 'node:util'
import { AsnConvert } from '@peculiar/asn1-schema'
import {
  Certificate,
  GeneralName,
  GeneralSubtree,
  GeneralSubtrees,
  NameConstraints,
} from '@peculiar/asn1-x509'
import * as x509 from '@peculiar/x509'
import {
  type CertifiedKey,
  certifyHost,
  describeAuthority,
  makeAuthority,
} from '../../../src/proxy/authority/certificates.ts'
import { removeTempDirs, tempDir } from '../../support/temp-dir.ts'

x509.cryptoProvider.set(crypto)

const NAME_CONSTRAINTS = '2.5.29.30'
const SERVER_AUTHENTICATION = '1.3.6.1.5.5.7.3.1'
const HOSTS: readonly (readonly string[])[] = [
  ['localhost'],
  ['127.0.0.1'],
  ['::1', '2001:db8::1:0:0:7', '::'],
  ['example.test', '10.1.2.3', 'fe80::1', `${'a'.repeat(63)}.${'b'.repeat(63)}.test`],
  Array.from({ length: 50 }, (_, index) => `host${index}.example.test`),
]

describe('certificates of the local authority', () => {
  afterEach(removeTempDirs)

  for (const hosts of HOSTS)
    it(`are as an independent library makes them, for ${hosts.join(', ').slice(0, 60)}`, async () => {
      const authority = await makeAuthority(hosts, 'Zoë on the laptop')
      const parsed = new x509.X509Certificate(authority.certificate)
      assert.equal(
        parsed.subject,
        'CN=Realtime Inspector authority of Zoë on the laptop, O=Realtime Inspector',
      )
      assert.deepEqual(
        bytesOf(parsed.extensions),
        bytesOf(await authorityExtensions(parsed.publicKey, hosts)),
      )
      assertExact(authority.certificate)
      assert.ok(await parsed.verify({ publicKey: parsed.publicKey }))
      assert.deepEqual(describeAuthority(authority.certificate), { hosts, validTo: parsed.notAfter })
      for (const host of hosts.slice(0, 4)) {
        const { certificate } = await certifyHost(host, authority)
        const leaf = new x509.X509Certificate(certificate)
        assert.deepEqual(
          bytesOf(leaf.extensions),
          bytesOf(await hostExtensions(parsed.publicKey, host)),
          host,
        )
        assert.equal(leaf.issuer, parsed.subject)
        assert.deepEqual(leaf.notBefore, parsed.notBefore)
        assert.equal(leaf.notAfter.getTime() - Math.floor(Date.now() / 1000) * 1000 <= 30 * 86_400_000, true)
        assert.ok(await leaf.verify({ publicKey: parsed.publicKey }))
        assertExact(certificate)
      }
    })

  it('have serial numbers of their own, which are positive', async () => {
    const authority = await makeAuthority(['localhost'], 'a test')
    const made = await Promise.all(Array.from({ length: 40 }, () => certifyHost('localhost', authority)))
    const serials = made.map(({ certificate }) => new x509.X509Certificate(certificate).serialNumber)
    assert.equal(new Set(serials).size, serials.length)
    for (const serial of serials) assert.match(serial, /^(00[89a-f]|0?[1-9a-f]|[0-7])/)
    for (const { certificate } of made) assertExact(certificate)
  })

  it('name the owner in no more characters than a name can have', async () => {
    const owner = '𝄞'.repeat(60)
    const { certificate } = await makeAuthority(['localhost'], owner)
    const [name = ''] = new x509.X509Certificate(certificate).subjectName.getField('CN')
    // RFC 5280 appendix A.1: ub-common-name.
    assert.equal([...name].length, 64)
    assert.ok(`Realtime Inspector authority of ${owner}`.startsWith(name))
  })

  it('are made by an authority of an earlier version too', async () => {
    const authority = await earlierAuthority(['localhost', '::1'])
    assert.deepEqual(describeAuthority(authority.certificate).hosts, ['localhost', '::1'])
    assert.equal(await contact(await certifyHost('localhost', authority), authority), 'welcome')
  })

  it('satisfy openssl and curl, only for the hosts', async function () {
    if (spawnSync('openssl', ['version']).status !== 0 || spawnSync('curl', ['--version']).status !== 0)
      this.skip()
    const authority = await makeAuthority(['localhost', '127.0.0.1', '::1'], 'a test')
    const root = fileOf(authority.certificate)
    for (const host of ['localhost', 'sub.localhost', '127.0.0.1', '::1']) {
      const leaf = await certifyHost(host, authority)
      const name = /^[\d.:]+$/.test(host) ? '-verify_ip' : '-verify_hostname'
      const args = ['verify', '-x509_strict', '-purpose', 'sslserver', name, host, '-CAfile', root]
      assert.match(execFileSync('openssl', [...args, fileOf(leaf.certificate)], { encoding: 'utf8' }), /OK/)
    }
    const other = await certifyHost('example.test', authority)
    const refused = spawnSync('openssl', ['verify', '-CAfile', root, fileOf(other.certificate)])
    assert.match(String(refused.stderr), /permitted subtree violation/)

    await serving(await certifyHost('localhost', authority), authority, async (port) => {
      const args = ['--silent', '--show-error', '--noproxy', '*', '--cacert', root]
      const url = `https://localhost:${port}/`
      const { stdout } = await promisify(execFile)('curl', [
        ...args,
        '--resolve',
        `localhost:${port}:127.0.0.1`,
        url,
      ])
      assert.equal(stdout, 'welcome')
    })
  })

  it('are described only if they are of an authority', async () => {
    const authority = await makeAuthority(['localhost'], 'a test')
    const { certificate } = await certifyHost('localhost', authority)
    assert.throws(() => describeAuthority(certificate), /no name constraints/)
    assert.throws(() => describeAuthority('something else'))
  })
})

/** Asserts that the bytes are those to which the library encodes what it reads. */
function assertExact(pem: string): void {
  const bytes = x509.PemConverter.decodeFirst(pem)
  const again = AsnConvert.serialize(AsnConvert.parse(bytes, Certificate))
  assert.equal(Buffer.from(again).toString('hex'), Buffer.from(bytes).toString('hex'))
}

/** In hexadecimal. */
function bytesOf(extensions: readonly x509.Extension[]): string[] {
  return Array.from(extensions, ({ rawData }) => Buffer.from(rawData).toString('hex'))
}

async function authorityExtensions(
  publicKey: x509.PublicKeyType,
  hosts: readonly string[],
): Promise<x509.Extension[]> {
  return [
    new x509.BasicConstraintsExtension(true, 0, true),
    new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
    new x509.ExtendedKeyUsageExtension([SERVER_AUTHENTICATION]),
    new x509.Extension(NAME_CONSTRAINTS, true, AsnConvert.serialize(constraintsOf(hosts))),
    await x509.SubjectKeyIdentifierExtension.create(publicKey),
  ]
}

async function hostExtensions(publicKey: x509.PublicKeyType, host: string): Promise<x509.Extension[]> {
  const type = isAddress(host) ? 'ip' : 'dns'
  return [
    new x509.BasicConstraintsExtension(false, undefined, true),
    new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
    new x509.ExtendedKeyUsageExtension([SERVER_AUTHENTICATION]),
    new x509.SubjectAlternativeNameExtension([{ type, value: host }], true),
    await x509.AuthorityKeyIdentifierExtension.create(publicKey),
  ]
}

function isAddress(host: string): boolean {
  return host.includes(':') || /^[\d.]+$/.test(host)
}

function constraintsOf(hosts: readonly string[]): NameConstraints {
  const name = (host: string) =>
    isAddress(host)
      ? new GeneralName({ iPAddress: `${host}/${host.includes(':') ? 128 : 32}` })
      : new GeneralName({ dNSName: host })
  const excluded = [
    ...(hosts.every(isAddress) ? [new GeneralName({ dNSName: '' })] : []),
    ...(hosts.some(isAddress)
      ? []
      : ['0.0.0.0/0', '::/0'].map((iPAddress) => new GeneralName({ iPAddress }))),
  ]
  const subtrees = (names: readonly GeneralName[]) =>
    new GeneralSubtrees(names.map((base) => new GeneralSubtree({ base })))
  return new NameConstraints({
    permittedSubtrees: subtrees(hosts.map(name)),
    ...(excluded.length > 0 && { excludedSubtrees: subtrees(excluded) }),
  })
}

/** An authority as the library made them for us. */
async function earlierAuthority(hosts: readonly string[]): Promise<CertifiedKey> {
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }
  const keys = await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    name: [{ CN: ['Realtime Inspector authority of a test'] }, { O: ['Realtime Inspector'] }],
    notBefore: new Date(),
    notAfter: new Date(Date.now() + 86_400_000),
    signingAlgorithm: algorithm,
    keys,
    extensions: await authorityExtensions(keys.publicKey, hosts),
  })
  const key = await crypto.subtle.exportKey('pkcs8', keys.privateKey)
  return { certificate: certificate.toString('pem'), key: x509.PemConverter.encode(key, 'PRIVATE KEY') }
}

function fileOf(text: string): string {
  const file = join(tempDir(), 'certificate.pem')
  writeFileSync(file, text)
  return file
}

async function serving(
  { certificate, key }: CertifiedKey,
  authority: CertifiedKey,
  use: (port: number) => Promise<void>,
): Promise<void> {
  const cert = `${certificate}\n${authority.certificate}`
  const server = createServer({ cert, key }, (_, response) => response.end('welcome'))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  try {
    await use((server.address() as AddressInfo).port)
  } finally {
    server.closeAllConnections()
    server.close()
  }
}

/** What a client that trusts the authority reads from `localhost` with that certificate. */
async function contact(leaf: CertifiedKey, authority: CertifiedKey): Promise<string> {
  let text = ''
  await serving(leaf, authority, async (port) => {
    const socket = connect({ host: '127.0.0.1', port, servername: 'localhost', ca: authority.certificate })
    await once(socket, 'secureConnect')
    socket.end('GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n')
    for await (const chunk of socket) text += chunk
  })
  return (
    text
      .split('\r\n\r\n')
      .at(-1)
      ?.match(/welcome/)?.[0] ?? text
  )
}
