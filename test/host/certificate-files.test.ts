/** The setting `realtimeInspector.certificates`: what it says, and the files that it names. */
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { filesOf, loadCertificates, readCertificates } from '../../src/vscode/settings/certificate-files.ts'
import type { CertificateEntry } from '../../src/vscode/settings/settings.ts'
import { removeTempDirs, tempDir } from '../support/temp-dir.ts'
import { certificates } from '../support/tls.ts'

const { ca, client } = certificates()
const HOST = 'h.example'

describe('the setting of certificates', () => {
  it('has entries with a host, and a certificate, its key or authorities', () => {
    const good = [
      { host: '*.example.com', cert: 'a.pem', key: 'a.key' },
      { host: 'h:8443', pfx: 'a.p12', ca: ['one.pem', 'two.pem'] },
      { host: '[::1]', ca: 'one.pem' },
    ]
    assert.deepEqual(readCertificates(good), { entries: good })
    assert.deepEqual(readCertificates('x'), { entries: [] })
    const bad = [
      null,
      { cert: 'a.pem', key: 'a.key' },
      { host: 'https://h/', ca: 'a.pem' },
      { host: HOST, cert: 'a.pem' },
      { host: HOST, cert: 'a.pem', key: 'a.key', pfx: 'a.p12' },
      { host: HOST, ca: 1 },
      { host: HOST, passphrase: 'x' },
    ]
    const { entries, problem } = readCertificates([...bad, ...good])
    assert.deepEqual(entries, good)
    assert.match(problem ?? '', /^7 entries of realtimeInspector\.certificates are not used: /)
  })

  it('shows the names of files without their folders', () => {
    const entry = {
      host: HOST,
      cert: '/secret/place/client.pem',
      key: '/secret/place/client.key',
      ca: 'x/ca.pem',
    }
    assert.deepEqual(filesOf(entry), { host: HOST, files: ['client.pem', 'ca.pem'] })
  })
})

describe('the files of certificates', () => {
  let folder: string
  const asked: string[] = []
  beforeEach(() => {
    folder = tempDir()
    writeFileSync(join(folder, 'ca.pem'), ca)
    writeFileSync(join(folder, 'client.pem'), client.cert)
    writeFileSync(join(folder, 'client.key'), client.key)
    asked.length = 0
  })
  afterEach(removeTempDirs)

  const load = (
    entry: Omit<CertificateEntry, 'host'>,
    passphrase?: string,
    within: string | undefined = folder,
  ) =>
    loadCertificates(
      { host: HOST, ...entry },
      {
        folder: within,
        passphraseOf: async (file, _entry, opens) => {
          asked.push(file)
          return passphrase !== undefined && opens(passphrase) ? passphrase : undefined
        },
      },
    )

  it('are read beside the workspace folder, or from a whole path', async () => {
    const { cert, key } = client
    const given = { cert: 'client.pem', key: `\${workspaceFolder}/client.key`, ca: join(folder, 'ca.pem') }
    assert.deepEqual(await load(given), { host: HOST, cert, key, ca: [ca] })
    assert.deepEqual(asked, [])
  })

  it('that cannot be read are a problem of the host', async () => {
    assert.match(
      (await load({ ca: 'none.pem' })).problem ?? '',
      /none\.pem cannot be read .*; correct the setting/,
    )
    writeFileSync(join(folder, 'large.pem'), 'x'.repeat(1024 * 1024 + 1))
    assert.match((await load({ ca: 'large.pem' })).problem ?? '', /larger than 1 MiB/)
    const away = await loadCertificates(
      { host: HOST, ca: 'ca.pem' },
      { folder: undefined, passphraseOf: async () => undefined },
    )
    assert.match(away.problem ?? '', /ca\.pem is relative, and no folder is open/)
  })

  it('have the passphrase of an encrypted key, if one is known that opens it', async () => {
    const pkcs8 = ['pkcs8', '-topk8', '-v2', 'aes-256-cbc', '-passout', 'pass:swordfish']
    const key = execFileSync('openssl', pkcs8, { input: client.key }).toString()
    writeFileSync(join(folder, 'locked.key'), key)
    const given = { cert: 'client.pem', key: 'locked.key' }
    const { cert } = client
    assert.deepEqual(await load(given, 'swordfish'), { host: HOST, cert, key, passphrase: 'swordfish' })
    assert.deepEqual(asked, [join(folder, 'locked.key')])
    const unknown = await load(given, 'wrong')
    assert.match(
      unknown.problem ?? '',
      /The passphrase of locked\.key is not known; connect to the host itself/,
    )
    assert.equal(unknown.key, undefined)
  })

  it('may be PKCS #12, with and without a passphrase', async () => {
    const p12 = (file: string, passphrase: string) =>
      execFileSync('openssl', [
        ...['pkcs12', '-export', '-in', join(folder, 'client.pem'), '-inkey', join(folder, 'client.key')],
        ...['-passout', `pass:${passphrase}`, '-out', join(folder, file)],
      ])
    p12('open.p12', '')
    p12('locked.p12', 'swordfish')
    assert.deepEqual(Object.keys(await load({ pfx: 'open.p12' })), ['host', 'pfx'])
    assert.equal((await load({ pfx: 'locked.p12' }, 'swordfish')).passphrase, 'swordfish')
    assert.match((await load({ pfx: 'locked.p12' })).problem ?? '', /passphrase of locked\.p12 is not known/)
    assert.match((await load({ pfx: 'ca.pem' })).problem ?? '', /damaged/)
  })
})
