/** Known secret values in texts and bytes. */
import assert from 'node:assert/strict'
import { ByteFinder } from '../../../src/shared/secrets/byte-finder.ts'
import { KnownSecrets, MAX_SECRETS } from '../../../src/shared/secrets/known-secrets.ts'
import { assertLinear } from '../../support/linear.ts'
import { seededRandom } from '../../support/splits.ts'

const SECRET = 'pä/ss "w<ord>&\\+'

function masked(text: string, ...secrets: string[]): string {
  return new KnownSecrets(secrets).mask(text)
}

describe('known secrets', () => {
  it('are masked in each form in which texts have them', () => {
    const utf8 = Buffer.from(SECRET)
    const json = JSON.stringify(SECRET).slice(1, -1)
    const forms = {
      plain: SECRET,
      JSON: json,
      'JSON with escaped slashes': json.replaceAll('/', '\\/'),
      'JSON in a text of JSON': JSON.stringify(json).slice(1, -1),
      'ASCII JSON': json.replace('ä', '\\u00e4'),
      'ASCII JSON in capitals': json.replace('ä', '\\u00E4'),
      'a URL': encodeURIComponent(SECRET),
      'a URL in lower case': encodeURIComponent(SECRET).replaceAll(/%[\dA-F]{2}/g, (code) =>
        code.toLowerCase(),
      ),
      'a form': new URLSearchParams({ a: SECRET }).toString().slice(2),
      base64: utf8.toString('base64').replaceAll('=', ''),
      'base64 of a URL': utf8.toString('base64url'),
      XML: 'pä/ss "w&lt;ord&gt;&amp;\\+',
      'an attribute of XML': 'pä/ss &quot;w&lt;ord&gt;&amp;\\+',
    }
    for (const [name, form] of Object.entries(forms))
      assert.equal(masked(`before ${form} after`, SECRET), 'before *** after', name)
  })

  it('are masked in base64 that has more, whatever is around them', () => {
    const secrets = new KnownSecrets(['hunter22', 'ünïcödë-pässwörd'])
    for (const secret of ['hunter22', 'ünïcödë-pässwörd'])
      for (const before of ['', 'a', 'ab', 'abc', 'user:'])
        for (const after of ['', 'x', 'xy', '\0'])
          for (const encoding of ['base64', 'base64url'] as const) {
            const whole = Buffer.from(before + secret + after).toString(encoding)
            const text = secrets.mask(`Basic ${whole}`)
            assert.match(text, /^Basic [\w+/-]*\*\*\*[\w+/=-]*$/)
            const [left = '', right = ''] = text.slice('Basic '.length).split('***')
            const rest = Buffer.from(left, 'base64').toString('latin1')
            assert.ok(before.startsWith(rest.slice(0, before.length)) && rest.length <= before.length, text)
            assert.ok(right.replaceAll('=', '').length <= Math.ceil((after.length * 8) / 6), text)
          }
  })

  it('are masked longest first, and as one where they overlap', () => {
    assert.equal(masked('(hunter2-prod) (hunter2)', 'hunter2', 'hunter2-prod'), '(***) (***)')
    assert.equal(masked('(abcdefghij)', 'abcdef', 'efghij', 'cdefgh'), '(***)')
    assert.equal(masked('aaaaaaaaaaaa!', 'aaaaaa'), '***!')
  })

  it('are found anywhere if they are long, as words if they are short, and not at all if they are shorter', () => {
    assert.equal(masked('xhunter2x', 'hunter2'), 'x***x')
    assert.equal(masked('device "devi" devi1 devi-1', 'devi'), 'device "***" devi1 ***-1')
    assert.equal(masked('dev a1 b', 'dev', 'a1', 'b', ''), 'dev a1 b')
  })

  it('in bytes become as many stars, so that lengths within the bytes stay right', () => {
    const secrets = new KnownSecrets(['hunter22'])
    const bytes = Buffer.concat([Buffer.from([0, 8, 0xff]), Buffer.from('hunter22'), Buffer.from([0xff])])
    const copy = Buffer.from(bytes)
    const result = Buffer.from(secrets.maskBytes(bytes))
    assert.deepEqual(bytes, copy)
    assert.deepEqual(result, Buffer.from([0, 8, 0xff, ...Buffer.from('********'), 0xff]))
    const others = Buffer.from('hunter2')
    assert.equal(secrets.maskBytes(others), others)
  })

  it('may be added later, and are limited in number', () => {
    const secrets = new KnownSecrets()
    assert.ok(secrets.isEmpty)
    secrets.add(['hunter22'])
    secrets.add(Array.from({ length: MAX_SECRETS - 1 }, (_, n) => `secret ${n}`))
    assert.equal(secrets.mask('hunter22 and secret 998'), '*** and ***')
    secrets.add(['hunter22'])
    assert.throws(() => secrets.add(['one more']), { code: 'TOO_MANY_SECRETS' })
  })

  it('may replace the oldest ones', () => {
    const secrets = new KnownSecrets()
    secrets.addNewest(['hunter22', 'hunter33'])
    assert.equal(secrets.mask('hunter22, hunter33'), '***, ***')
    secrets.addNewest(['hunter22'])
    secrets.addNewest(Array.from({ length: MAX_SECRETS - 1 }, (_, n) => `secret ${n}`))
    assert.equal(secrets.mask('hunter22, hunter33, secret 998'), '***, hunter33, ***')
    secrets.addNewest(['x'.repeat(256 * 1024), 'hunter44'])
    assert.equal(secrets.mask('hunter22, secret 998, hunter44'), 'hunter22, secret 998, ***')
  })

  it('are found in one pass, however many there are and whatever the text is', () => {
    const many = new KnownSecrets(Array.from({ length: 300 }, (_, n) => `${'a'.repeat(n + 3)}b`))
    assertLinear(
      'a text of beginnings',
      (size) => 'a'.repeat(size),
      (text) => many.mask(text),
      256 * 1024,
    )
    assertLinear(
      'a text of secrets',
      (size) => 'aaab'.repeat(size / 4),
      (text) => many.mask(text),
      256 * 1024,
    )
  })
})

describe('ByteFinder', () => {
  it('finds what a search for each needle finds', () => {
    const random = seededRandom(1)
    const word = (most: number) =>
      Array.from({ length: 1 + Math.floor(random() * most) }, () => 'abc'[Math.floor(random() * 3)]).join('')
    for (let round = 0; round < 300; round++) {
      const needles = Array.from({ length: 1 + Math.floor(random() * 8) }, () =>
        word(random() < 0.2 ? 80 : 6),
      )
      const text = word(400) + (needles[0] ?? '') + word(50)
      const marked = new Array<boolean>(text.length).fill(false)
      for (const needle of needles)
        for (let at = text.indexOf(needle); at >= 0; at = text.indexOf(needle, at + 1))
          marked.fill(true, at, at + needle.length)
      const finder = new ByteFinder(needles.map((needle) => ({ bytes: Buffer.from(needle) })))
      const found = new Array<boolean>(text.length).fill(false)
      for (const { start, end } of finder.find(Buffer.from(text))) found.fill(true, start, end)
      assert.deepEqual(found, marked, `${needles} in ${text}`)
    }
  })
})
