import assert from 'node:assert/strict'
import { parseRequestFile } from '../../../src/request/file/parse.ts'
import { expressionsOf } from '../../../src/request/variables/expressions.ts'
import { requestAt } from './disk.ts'

const TEXT = [
  '# {{ in + comment }}',
  '### Chat {{ in + title }}',
  '# @interval {{ 1 + 1 }}',
  '# @set id = $.id when {{ 2 + 2 }} == 1',
  'WEBSOCKET ws://{{host}}/',
  '  ?q={{ 3 + 3 }}',
  'A: {{$secret B}} {{ 4 + 4 }}',
  '',
  'text {{room}} {{ 5 + 5 }}',
  '=== wait-for-server',
  '<@ ./{{ 6 + 6 }}/file.json',
  '',
].join('\r\n')

describe('expressions', () => {
  it('are found in every part of a request, in the order of the file, with their places', () => {
    const spans = expressionsOf(requestAt(parseRequestFile(TEXT)), TEXT)
    assert.deepEqual(
      spans.map(({ start, end }) => TEXT.slice(start, end)),
      ['{{ 1 + 1 }}', '{{ 2 + 2 }}', '{{ 3 + 3 }}', '{{ 4 + 4 }}', '{{ 5 + 5 }}', '{{ 6 + 6 }}'],
    )
  })
})
