import assert from 'node:assert/strict'
import type { Finding } from '../../src/shared/finding.ts'
import { findingsJson, findingsMarkdown } from '../../src/shared/finding-document.ts'

const CONNECTIONS = [{ id: 1, transport: 'sse' as const, url: 'https://api.example/prices' }]
const FINDING: Finding = {
  rule: 'resume-ignored',
  severity: 'warning',
  connection: 1,
  from: 200,
  to: 1500,
  events: [3, 4],
  title: '2 events were <missed>',
  message: 'On prices, 2 events were missed.',
  advice: 'Continue after Last-Event-ID.',
  evidence: { missed: 2 },
  source: { title: 'HTML standard, section 9.2.4', url: 'https://html.spec.whatwg.org/' },
}
const LIST = { findings: [FINDING], muted: [], rules: 36, failed: [], events: 9, skipped: 0, isCurrent: true }

describe('findings as a document', () => {
  it('are Markdown with what was checked, where texts of a session are no markup', () => {
    const text = findingsMarkdown(LIST, CONNECTIONS)
    assert.match(
      text,
      /^# Findings\n\n1 finding: 1 warning\. 36 rules checked 9 events on 1 connection\.\n\n- \*\*warning\*\*: 2 events were \\<missed\\> \(resume-ignored; .*prices.*0\.200 s to 1\.500 s\)\n/,
    )
    assert.match(
      text,
      / {2}- Advice: Continue after Last-Event-ID\.\n {2}- Source: \[HTML standard, section 9\.2\.4\]\(https:\/\/html\.spec\.whatwg\.org\/\)\n {2}- Events: 3, 4\n$/,
    )
  })

  it('say what was checked if there are none, and what was left out', () => {
    assert.equal(
      findingsMarkdown({ ...LIST, findings: [], failed: ['blank-polls'], skipped: 7 }, CONNECTIONS),
      '# Findings\n\n0 findings. 36 rules checked 9 events on 1 connection; 1 rule failed: blank-polls; the payloads of 7 events were left out, which came too fast.\n',
    )
  })

  it('are JSON with every documented field', () => {
    const { findings } = JSON.parse(findingsJson([FINDING]))
    assert.deepEqual(Object.keys(findings[0]).sort(), [
      'advice',
      'connection',
      'events',
      'evidence',
      'from',
      'message',
      'rule',
      'severity',
      'source',
      'sourceUrl',
      'title',
      'to',
    ])
    assert.equal(findings[0].sourceUrl, 'https://html.spec.whatwg.org/')
  })
})
