/** The local authority: made, kept, used and removed. Clients are real TLS clients. */
import assert from 'node:assert/strict'
import { X509Certificate } from 'node:crypto'
import { once } from 'node:events'
import { chmod, readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { type AddressInfo, createServer } from 'node:net'
import { dirname, join } from 'node:path'
import { mock } from 'node:test'
import { checkServerIdentity, connect, type SecureContext, TLSSocket } from 'node:tls'
import { HostContexts } from '../../../src/proxy/authority/host-contexts.ts'
import {
  type Authority,
  authorityFolder,
  checkCertifiable,
  createAuthority,
  readAuthority,
  removeAuthority,
} from '../../../src/proxy/authority/store.ts'
import { removeTempDirs, tempDir } from '../../support/temp-dir.ts'

describe('the local authority', () => {
  let folder: string

  beforeEach(() => {
    folder = join(tempDir(), 'made', 'when needed')
  })

  afterEach(removeTempDirs)

  it('is kept in a folder of the user, with a key that only the user can read', async () => {
    const { hosts, file, validTo } = await createAuthority(['localhost', 'example.test', '127.0.0.1'], folder)
    assert.deepEqual(hosts, ['localhost', 'example.test', '127.0.0.1'])
    assert.equal(file, join(folder, 'authority.crt'))
    assert.equal((await stat(join(folder, 'authority.key'))).mode & 0o777, 0o600)
    assert.equal((await stat(folder)).mode & 0o777, 0o700)
    assert.doesNotMatch(await readFile(file, 'utf8'), /PRIVATE/)
    const days = (validTo.getTime() - Date.now()) / 86_400_000
    assert.ok(days > 179 && days <= 180, `${days} days`)
    assert.deepEqual((await readAuthority(folder)).hosts, hosts)
  })

  it('is made once, until it is removed', async () => {
    const { key, file } = await createAuthority(['localhost'], folder)
    await assert.rejects(createAuthority(['localhost'], folder), { code: 'AUTHORITY_EXISTS' })
    assert.equal((await readAuthority(folder)).key, key)
    assert.equal(await removeAuthority(folder), file)
    assert.deepEqual(await readdir(folder), [])
    assert.equal(await removeAuthority(folder), undefined)
    await assert.rejects(readAuthority(folder), { code: 'NO_AUTHORITY' })
    assert.notEqual((await createAuthority(['localhost'], folder)).key, key)
  })

  it('is made for a user whom the system does not know by a name, as in a container', async function () {
    if (process.seteuid === undefined || process.geteuid?.() !== 0) this.skip()
    await chmod(dirname(dirname(folder)), 0o777)
    process.seteuid(54_321)
    try {
      const { certificate } = await createAuthority(['localhost'], folder)
      assert.match(new X509Certificate(certificate).subject, /CN=Realtime Inspector authority of 54321 on /)
    } finally {
      process.seteuid(0)
    }
  })

  it('is for hosts only', async () => {
    const urls = ['http://localhost', 'cafe:80', '::1::', '1:2']
    const labels = ['a..test', '.test', 'test.', '-a.test', `${'a'.repeat(64)}.test`, 'a.'.repeat(130)]
    for (const bad of ['', '*', 'a b', '../x', 'A.test', ...urls, ...labels])
      await assert.rejects(createAuthority([bad], folder), { code: 'BAD_HOST' }, bad)
    await assert.rejects(createAuthority([], folder), { code: 'BAD_HOST' })
    const authority = { hosts: ['example.test', '127.0.0.1'] }
    for (const host of ['example.test', 'a.example.test', '127.0.0.1']) checkCertifiable(authority, host)
    for (const host of ['badexample.test', 'test', '127.0.0.2', ''])
      assert.throws(() => checkCertifiable(authority, host), { code: 'NOT_CERTIFIED' }, host)
  })

  it('is not used if others could read its key', async function () {
    if (process.platform === 'win32') this.skip()
    await createAuthority(['localhost'], folder)
    await chmod(join(folder, 'authority.key'), 0o644)
    for (let times = 0; times < 2; times++)
      await assert.rejects(readAuthority(folder), { code: 'AUTHORITY_EXPOSED' })
  })

  it('is not used after it has ended, or if it is something else', async () => {
    const { validTo, file } = await createAuthority(['localhost'], folder)
    mock.timers.enable({ apis: ['Date'], now: validTo.getTime() + 1 })
    try {
      await assert.rejects(readAuthority(folder), { code: 'AUTHORITY_EXPIRED' })
    } finally {
      mock.timers.reset()
    }
    await writeFile(file, 'no certificate')
    await assert.rejects(readAuthority(folder), { code: 'BAD_AUTHORITY' })
  })

  it('is where the platform keeps settings', () => {
    assert.equal(authorityFolder({ XDG_CONFIG_HOME: '/conf' }, 'linux'), join('/conf', 'realtime-inspector'))
    for (const env of [{}, { XDG_CONFIG_HOME: '' }, { XDG_CONFIG_HOME: 'not/absolute' }])
      assert.match(authorityFolder(env, 'linux'), /^(?:[A-Z]:)?[/\\].*[/\\]\.config[/\\]realtime-inspector$/)
    assert.match(authorityFolder({}, 'darwin'), /Application Support/)
    assert.equal(authorityFolder({ APPDATA: '/roaming' }, 'win32'), join('/roaming', 'Realtime Inspector'))
  })

  it('certifies its hosts to clients that trust it, and no others', async () => {
    const authority = await createAuthority(['localhost', '127.0.0.1'], folder)
    const contexts = new HostContexts(authority)
    for (const host of ['localhost', 'sub.localhost', '127.0.0.1'])
      assert.equal(await outcome(await contexts.of(host), host, authority), 'authorized', host)
    assert.equal(await contexts.of('localhost'), await contexts.of('localhost'))
    await assert.rejects(contexts.of('example.test'), { code: 'NOT_CERTIFIED' })
    // A thief of the key who signs for another host is stopped by the client.
    const stolen = new HostContexts({ ...authority, hosts: ['example.test', '::1'] })
    for (const host of ['example.test', '::1'])
      assert.match(await outcome(await stolen.of(host), host, authority), /permitted subtree violation/, host)
  })
})

/** What a client that trusts the authority says of a server with that context, which it takes for the host. */
async function outcome(context: SecureContext, host: string, { certificate }: Authority): Promise<string> {
  const server = createServer((socket) => {
    const secured = new TLSSocket(socket, { isServer: true, secureContext: context })
    secured.on('error', () => {}).on('secure', () => secured.end())
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const client = connect({
    ...{ host: '127.0.0.1', port, ca: certificate },
    checkServerIdentity: (_name, presented) => checkServerIdentity(host, presented),
  })
  try {
    await once(client, 'secureConnect')
    return 'authorized'
  } catch (error) {
    return (error as Error).message
  } finally {
    client.destroy()
    server.close()
  }
}
