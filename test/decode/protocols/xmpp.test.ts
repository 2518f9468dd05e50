import assert from 'node:assert/strict'
import { parse } from 'ltx'
import { parseXml, type XmlElement } from '../../../src/decode/protocols/xmpp/xml.ts'
import { xmpp } from '../../../src/decode/protocols/xmpp/xmpp.ts'
import { decodeAll, decodedOf, message, messagesOf } from './recordings.ts'
import { itIsRobust } from './robust.ts'

interface LtxElement {
  name: string
  attrs: Record<string, string>
  children: (LtxElement | string)[]
}

const asOurs = ({ name, attrs, children }: LtxElement): XmlElement => ({
  name,
  attributes: { ...attrs },
  children: children.map((child) => (typeof child === 'string' ? child : asOurs(child))),
})

describe('XMPP', () => {
  it("parses stanzas as the project's own parser", () => {
    const messages = messagesOf('xmpp')
    assert.ok(messages.length > 30)
    for (const { payload } of messages) {
      const text = payload.toString()
      assert.deepEqual(parseXml(text), [asOurs(parse(text) as unknown as LtxElement)])
    }
    const text = `<a b='"&amp;&#10003;&#x2713;' c="'"><d/>x &lt;<e ><![CDATA[<f>&amp;]]></e>\n</a>`
    assert.deepEqual(parseXml(text), [asOurs(parse(text) as unknown as LtxElement)])
  })

  it('says what the stanzas of xmpp mean, and what they answer', async () => {
    const decoded = await decodedOf(xmpp, 'xmpp')
    assert.deepEqual(
      decoded.slice(0, 21).map(({ kind, name, answers }) => [kind, name, answers]),
      [
        ['handshake', 'open', undefined],
        ['handshake', 'open', 3],
        ['handshake', 'features', undefined],
        ['handshake', 'auth', undefined],
        ['handshake', 'challenge', 6],
        ['handshake', 'response', undefined],
        ['handshake', 'success', 8],
        ['handshake', 'open', undefined],
        ['handshake', 'open', 10],
        ['handshake', 'features', undefined],
        ['request', 'bind', undefined],
        ['response', 'bind', 13],
        ['handshake', 'enable', undefined],
        ['handshake', 'enabled', 15],
        ['event', 'presence', undefined],
        ['event', 'message', undefined],
        ['event', 'presence', undefined],
        ['event', 'message', undefined],
        ['request', 'r', undefined],
        ['heartbeat', 'ping', undefined],
        ['heartbeat', 'ping', 22],
      ],
    )
    const error = decoded.find(({ kind }) => kind === 'error')
    assert.equal(error?.name, 'nope')
    assert.ok(decoded.filter(({ kind }) => kind === 'close').length === 2)
  })

  it('reads white space as a heartbeat', () => {
    assert.deepEqual(decodeAll(xmpp, [message(' ')]), [{ kind: 'heartbeat' }])
  })

  it('refuses what XMPP does not allow, in linear time', () => {
    const refused = [
      '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>',
      '<?xml version="1.0"?><a/>',
      '<a><b></a></b>',
      '<a>',
      `<a>${'x'.repeat(1e7)}`,
      `<a b='${'x'.repeat(1e7)}`,
      '<a>'.repeat(1e6),
      `${'<a/>'.repeat(1e6)}`,
      `<a ${' '.repeat(1e6)}`,
      `<a ${'b'.repeat(1e6)}`,
    ]
    for (const text of refused) assert.throws(() => decodeAll(xmpp, [message(text)]), /^Error: .*\.$/)
    const [element] = parseXml('<a __proto__="b" constructor="c"/>')
    assert.match(JSON.stringify(element), /"__proto__":"b","constructor":"c"/)
  })

  itIsRobust(xmpp, ['xmpp'])
})
