import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { type Element, parse } from 'ltx'
import { junitXml } from '../../../src/cli/run/junit.ts'
import { Transcript } from '../../../src/cli/run/transcript.ts'
import { cliTests, runCli } from '../../support/cli.ts'
import { refusedUrl } from '../../support/loopback.ts'
import { serveShop, writeRequests } from './shop.ts'

/** The test cases of a report: their names, and what is in them. */
function casesOf(suite: Element): unknown[] {
  return suite
    .getChildren('testcase')
    .map((each) => [each.attrs.name, ...each.getChildElements().map(({ name }) => name)])
}

describe('the JUnit report of run', () => {
  cliTests()

  it('has a suite for the file and a case for each request, with its place, its time and its lines', async () => {
    const shop = await serveShop()
    const refused = await refusedUrl()
    const file = await writeRequests(
      `### events\nSSE http://${shop.host}/events\n\n### gone\nWEBSOCKET ${refused}\n\n### last & <best>\nSSE http://${shop.host}/events\n`,
    )
    const junit = join(dirname(file), 'report.xml')
    const { code } = await runCli(['run', file, '--junit', junit, '--format', 'none'])
    assert.equal(code, 1)
    const report = parse(await readFile(junit, 'utf8'))
    assert.equal(report.name, 'testsuites')
    const [suite] = report.getChildren('testsuite')
    assert.ok(suite)
    const { name, tests, failures, errors, skipped, time, timestamp } = suite.attrs
    assert.deepEqual([name, tests, failures, errors, skipped], [file, '3', '1', '0', '0'])
    assert.match(time, /^\d+\.\d{3}$/)
    assert.ok(Math.abs(Date.now() - Date.parse(timestamp)) < 3_600_000)
    assert.deepEqual(casesOf(suite), [
      ['events', 'system-out'],
      ['gone', 'failure', 'system-out'],
      ['last & <best>', 'system-out'],
    ])
    const [events, gone] = suite.getChildren('testcase')
    assert.deepEqual([events?.attrs.file, events?.attrs.line], [file, '2'])
    assert.match(events?.getChildText('system-out') ?? '', /↓ message +7 B {2}\{"n":3\}\n/)
    const failure = gone?.getChild('failure')
    assert.equal(failure?.attrs.type, 'ECONNREFUSED')
    assert.match(failure?.attrs.message, /^[^\n]+\.$/)
    assert.equal(failure?.getText(), failure?.attrs.message)
  })

  it('is not started if it cannot be written', async () => {
    const shop = await serveShop()
    const file = await writeRequests(`SSE http://${shop.host}/events\n`)
    const { code, stderr } = await runCli(['run', file, '--junit', '/nowhere/report.xml'])
    assert.equal(code, 1)
    assert.match(stderr, /^The folder of \/nowhere\/report\.xml does not exist;/)
    assert.deepEqual(shop.log, [])
  })

  it('is XML whatever it says', () => {
    const text = 'a\0\u001b[31m\ud800]]>&"<\'\ufffe'
    const results = [
      { name: text, line: 1, outcome: 'failed', reason: text, duration: 1234.4, output: text } as const,
    ]
    const xml = junitXml({ file: text, startedAt: new Date(0), results })
    // biome-ignore lint/suspicious/noControlCharactersInRegex: XML must not have them
    assert.doesNotMatch(xml, /[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/)
    const report = parse(xml)
    const [testCase] = report.getChild('testsuite')?.getChildren('testcase') ?? []
    assert.equal(testCase?.attrs.time, '1.234')
    assert.match(testCase?.getChildText('failure') ?? '', /\]\]>&"<'/)
  })

  it('has the first and the last lines of a long transcript', () => {
    const transcript = new Transcript()
    for (let line = 1; line <= 1050; line++) transcript.write(`line ${line}`)
    const lines = transcript.text.split('\n')
    assert.equal(lines.length, 201)
    assert.deepEqual(
      [lines[0], lines[99], lines[100], lines[101], lines[200]],
      ['line 1', 'line 100', '… 850 lines omitted …', 'line 951', 'line 1050'],
    )
    const short = new Transcript()
    for (let line = 1; line <= 150; line++) short.write(`line ${line}`)
    assert.deepEqual(short.text.split('\n').slice(98, 102), ['line 99', 'line 100', 'line 101', 'line 102'])
  })
})
