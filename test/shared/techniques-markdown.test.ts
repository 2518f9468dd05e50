import assert from 'node:assert/strict'
import { SessionTechniques } from '../../src/diagnose/techniques/session-techniques.ts'
import { techniquesMarkdown } from '../../src/shared/techniques-markdown.ts'
import { message, opened, STARTED_AT } from '../support/recording.ts'

it('techniques as Markdown make no markup, HTML or link of a URL, and give each reason', () => {
  const techniques = new SessionTechniques({ startedAt: STARTED_AT })
  const url = 'ws://www.h.example/a_b_c|d?<b>'
  const messages = Array.from({ length: 20 }, (_, n) => message(10 * n + 10, { n }))
  for (const event of [...opened(1, 0, url), ...messages]) techniques.add(event)
  const text = techniquesMarkdown(techniques.report())
  assert.ok(text.includes('| WebSocket (connection 1) | ws:\\//www\\.h.example/a\\_b\\_c\\|d?'), text)
  assert.ok(!/<b>|ws:\/\//.test(text), text)
  assert.match(text, /^ {3}- because .+\(\[.+\]\(https:/m)
})
