import assert from 'node:assert/strict'
import { secretForms } from '../../../src/shared/secrets/secret-forms.ts'

describe('the forms of a secret', () => {
  const values = [
    's3cret',
    'a+b"c d/e?f{g}',
    'p#w^`|',
    'pä$$wörd',
    '%41%zz',
    '../..',
    '?x',
    'back\\slash\n',
    "it's",
    '@:/',
  ]

  for (const value of values)
    it(`are in all that has ${JSON.stringify(value)}`, () => {
      const url = new URL('http://x/')
      url.search = `?q=${value}`
      url.username = value
      const params = new URLSearchParams({ q: value })
      const texts = [
        `${url.search}&`,
        url.href,
        params.toString(),
        encodeURIComponent(value),
        JSON.stringify({ value }),
        `<${value}>`,
        ...(value.startsWith('.') ? [] : [new URL(`http://x/a/${value}`).href]),
      ]
      for (const text of texts)
        assert.ok(
          secretForms(value).some((form) => text.includes(form)),
          text,
        )
    })

  it('are the longest first, each once, and none is short', () => {
    for (const value of values) {
      const forms = secretForms(value)
      const lengths = forms.map(({ length }) => length)
      assert.deepEqual(
        lengths,
        lengths.toSorted((one, other) => other - one),
      )
      assert.equal(new Set(forms).size, forms.length)
      assert.ok((lengths.at(-1) ?? 0) >= Math.min(value.length, 4), forms.join(' '))
    }
    assert.deepEqual(secretForms('s3cret'), ['s3cret'])
    assert.ok(secretForms('a\ud800b').length > 0)
  })
})
