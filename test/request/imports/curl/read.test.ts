import assert from 'node:assert/strict'
import { curlConnection, looksLikeCurl, readCurl } from '../../../../src/request/imports/curl/read.ts'
import { readForeign } from '../../../../src/request/imports/importers.ts'
import { Failure } from '../../../../src/shared/failure.ts'
import { seededRandom } from '../../../support/splits.ts'
import { textThatReadsBack } from '../reads-back.ts'

/** The one request of a command line. */
function requestOf(line: string) {
  const { requests } = readCurl(line)
  const [request] = requests
  assert.ok(request !== undefined && requests.length === 1)
  return request
}

const specOf = (line: string) => requestOf(line).spec

/** As Chrome, Firefox, Safari and cmd.exe users of Chrome copy a request. */
const COPIED = {
  'Chrome (bash)': `curl 'https://chat.example/api/rooms?limit=20' \\
  -H 'accept: application/json' \\
  -H 'authorization: Bearer ey-secret-token-value' \\
  -b 'sid=s3cr3t-cookie' \\
  -H 'sec-ch-ua: "Chromium";v="152", "Not?A_Brand";v="24"' \\
  --data-raw $'{"text":"it\\'s\\\\u0021 {{x}}"}'`,
  'Chrome (cmd)': `curl ^"https://chat.example/api/rooms?limit=20^" ^
  -H ^"accept: application/json^" ^
  -H ^"authorization: Bearer ey-secret-token-value^" ^
  -b ^"sid=s3cr3t-cookie^" ^
  -H ^"sec-ch-ua: ^\\^"Chromium^\\^";v=^\\^"152^\\^", ^\\^"Not?A_Brand^\\^";v=^\\^"24^\\^"^" ^
  --data-raw ^"^{^\\^"text^\\^":^\\^"it's^\\\\u0021 ^{^{x^}^}^\\^"^}^"`,
  Firefox: `curl --url 'https://chat.example/api/rooms?limit=20' --compressed -X POST -H 'accept: application/json' -H 'authorization: Bearer ey-secret-token-value' -H 'Connection: keep-alive' -H 'Cookie: sid=s3cr3t-cookie' -H 'sec-ch-ua: "Chromium";v="152", "Not?A_Brand";v="24"' --data-raw '{"text":"it'\\''s\\u0021 {{x}}"}'`,
  Safari: `curl 'https://chat.example/api/rooms?limit=20' \\
-X 'POST' \\
-H 'Accept: application/json' \\
-H 'Authorization: Bearer ey-secret-token-value' \\
-H 'Cookie: sid=s3cr3t-cookie' \\
-H 'sec-ch-ua: "Chromium";v="152", "Not?A_Brand";v="24"' \\
--data-binary '{"text":"it'"'"'s\\u0021 {{x}}"}'`,
}

describe('curl commands', () => {
  it('takes the version of HTTP', () => {
    assert.equal(specOf('curl --http2 https://h/').http, 'auto')
    assert.equal(specOf('curl --http2-prior-knowledge http://h/').http, '2')
    assert.equal(specOf('curl --http1.1 https://h/').http, undefined)
  })

  for (const [browser, line] of Object.entries(COPIED))
    it(`from ${browser} become the request that was copied, without its secrets`, async () => {
      const { url, method, headers = {}, body } = specOf(line)
      assert.deepEqual([url, method], ['https://chat.example/api/rooms?limit=20', 'POST'])
      assert.equal(body, '{"text":"it\'s\\u0021 {{x}}"}')
      const byName = Object.fromEntries(
        Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]),
      )
      assert.equal(byName.accept, 'application/json')
      assert.equal(byName.cookie, 'sid=s3cr3t-cookie')
      assert.equal(byName['sec-ch-ua'], '"Chromium";v="152", "Not?A_Brand";v="24"')
      assert.ok(looksLikeCurl(line))
      const text = textThatReadsBack(await readForeign({ text: line }))
      assert.doesNotMatch(text, /ey-secret|s3cr3t/)
      assert.match(text, /{{\$secret TOKEN}}/)
    })

  it('open WebSockets, without the headers of the handshake', () => {
    const line = `curl 'https://chat.example/socket' -H 'Upgrade: websocket' -H 'Origin: https://chat.example' \\
  -H 'Connection: Upgrade' -H 'Sec-WebSocket-Key: x3JJHMbDL1EzLkh9GBhXDw==' -H 'Sec-WebSocket-Version: 13' \\
  -H 'Sec-WebSocket-Protocol: a, b' -H 'Sec-WebSocket-Extensions: permessage-deflate'`
    assert.deepEqual(specOf(line), {
      url: 'wss://chat.example/socket',
      transport: 'websocket',
      headers: { Origin: 'https://chat.example' },
      subprotocols: ['a', 'b'],
    })
    assert.equal(specOf('curl -N wss://chat.example/').transport, 'websocket')
  })

  it('have options in any form', () => {
    assert.deepEqual(
      specOf(`curl -sSLkXPUT -Hname:\\ value -dabc -d def -u ada:pw -A agent -e ref example.com`),
      {
        url: 'http://example.com',
        method: 'PUT',
        headers: {
          name: 'value',
          'User-Agent': 'agent',
          Referer: 'ref',
          'Content-Type': 'application/x-www-form-urlencoded',
        },
        credentials: { kind: 'basic', user: 'ada', password: 'pw' },
        body: 'abc&def',
        tls: { insecure: true },
      },
    )
    assert.deepEqual(specOf(`curl --json '{"a":' --json '1}' http://h/`), {
      url: 'http://h/',
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Accept: 'application/json' },
      body: '{"a":1}',
    })
    assert.deepEqual(specOf(`curl -G -d a=1 --data-urlencode 'b=x y&z' 'http://h/?c#f'`), {
      url: 'http://h/?c&a=1&b=x+y%26z#f',
    })
    assert.deepEqual(
      specOf(`curl -I -x proxy:3128 -U me:p@ss --connect-timeout 2.5 -H 'Empty;' -H 'Accept:' http://h/`),
      {
        url: 'http://h/',
        method: 'HEAD',
        headers: { Empty: '' },
        proxy: 'http://me:p%40ss@proxy:3128',
        timeout: 2500,
      },
    )
  })

  it('have credentials as a file of requests writes them', () => {
    const authorization = (line: string) =>
      /^Authorization: (.*)$/m.exec(textThatReadsBack(readCurl(`curl http://h/ ${line}`)))?.[1]
    assert.equal(authorization('-u ada:hunter2'), 'Basic ada {{$secret PASSWORD}}')
    assert.equal(authorization('-u "$USER:$PASS"'), 'Basic {{USER}} {{PASS}}')
    assert.equal(authorization('-u "ada b:hunter2"'), 'Basic {{$secret CREDENTIALS}}')
    assert.equal(authorization('--digest -u ada:hunter2'), 'Digest ada {{$secret PASSWORD}}')
    assert.equal(
      authorization('-u ada:hunter2 -H "Authorization: Bearer {{$A}}"')?.startsWith('Bearer'),
      true,
    )
    assert.equal(
      authorization('--aws-sigv4 aws:amz:eu-west-1:execute-api -u AKIA:hunter2'),
      'AWS AKIA {{$secret SECRET_ACCESS_KEY}} region:eu-west-1 service:execute-api',
    )
  })

  it('have files, limits, variables of the shell and a here-document', () => {
    const { requests, variables } = readCurl(`
# A comment
TOKEN=abc
export HOST=example.com
curl -m 10 --cacert ca.pem --cert me.pem:pw --key me.key --data-binary @data/a.json "https://$HOST/a{{b}}"
curl -X POST -d @- -H "Authorization: Bearer $TOKEN" https://example.com/b <<'EOF'
{"c":"$TOKEN"}
EOF
`)
    assert.deepEqual(variables, [
      { name: 'TOKEN', value: 'abc' },
      { name: 'HOST', value: 'example.com' },
    ])
    const [first, second] = requests
    assert.equal(first?.spec.url, 'https://{{HOST}}/a{{$braces}}b}}')
    assert.deepEqual(first?.limits, { duration: 10_000 })
    assert.equal(first?.bodyFile, 'data/a.json')
    assert.deepEqual(first?.tlsFiles, [
      { name: 'ca', value: 'ca.pem' },
      { name: 'cert', value: 'me.pem' },
      { name: 'key', value: 'me.key' },
    ])
    assert.deepEqual(first?.notTaken, ['The password of the certificate was not imported.'])
    assert.equal(second?.spec.body, '{"c":"$TOKEN"}')
    assert.deepEqual(second?.spec.headers, {
      Authorization: 'Bearer {{TOKEN}}',
      'Content-Type': 'application/x-www-form-urlencoded',
    })
    textThatReadsBack({ requests, variables: variables ?? [] })
  })

  it('name SOCKS proxies and Unix sockets', () => {
    for (const [options, fields] of [
      ['-x socks5://h:1', { proxy: 'socks5://h:1' }],
      ['-x socks5h://h -U me:p', { proxy: 'socks5h://me:p@h' }],
      ['--socks5 h:1', { proxy: 'socks5://h:1' }],
      ['--socks5-hostname h', { proxy: 'socks5h://h' }],
      ['--unix-socket /run/app.sock', { socketPath: '/run/app.sock' }],
    ] as const) {
      const { spec, notTaken } = requestOf(`curl ${options} http://x/`)
      assert.deepEqual([spec, notTaken], [{ url: 'http://x/', ...fields }, []], options)
    }
    assert.match(
      requestOf('curl --unix-socket app.sock http://x/').notTaken?.join() ?? '',
      /must be absolute/,
    )
  })

  it('say what is not imported', () => {
    assert.deepEqual(
      requestOf(`curl -F a=b --ntlm --resolve h:1:2 --frobnicate -b jar.txt -x socks4://h http://h/`)
        .notTaken,
      [
        'Multipart forms (-F) are not imported; write the body with the type multipart/form-data.',
        'The option --ntlm was not imported.',
        'The option --resolve was not imported.',
        'The unknown option --frobnicate was not imported.',
        'The cookies of a file (-b FILE) were not imported.',
        'The proxy was not imported; only proxies of HTTP and SOCKS 5 are used.',
      ],
    )
    const { notTaken, requests } = readCurl(
      `echo secret | curl -d @- http://h/ | jq -r .a; rm -rf x; curl http://i/ --next http://j/`,
    )
    assert.deepEqual(
      requests.map(({ spec }) => spec.url),
      ['http://h/', 'http://i/', 'http://j/'],
    )
    assert.deepEqual(notTaken, [
      'This is not a curl command and was not imported: echo.',
      'What follows curl was not imported: jq.',
      'This is not a curl command and was not imported: rm.',
    ])
    assert.deepEqual(requests[0]?.notTaken, [
      'The data of the standard input was not imported.',
      'What another command gives to curl was not imported.',
    ])
  })

  it('are connections in the field of a URL', () => {
    assert.deepEqual(curlConnection(`curl "https://h/$A" -H 'X: {{y}}' --cacert ca.pem; curl http://i/`), {
      spec: { url: 'https://h/$A', headers: { X: '{{y}}' } },
      notTaken: [
        'Variables of the shell were not filled in.',
        'Only the first of 2 requests was imported.',
        'The certificates were not imported; choose their files.',
      ],
    })
    assert.throws(() => curlConnection('curl ftp://h/'), Failure)
    assert.throws(() => curlConnection('curl -X GET'), /no curl command/)
  })

  it('are distinguished from other texts', () => {
    for (const text of [
      'curl http://h/',
      '$ curl -k h',
      '#!/bin/sh\n\nA=b\n/usr/bin/curl h',
      'curl.exe h',
      'A=b curl h',
    ])
      assert.ok(looksLikeCurl(text), text)
    for (const text of [
      '',
      'curl',
      'curling h',
      'wget http://h/',
      'ws://curl h',
      'See curl h',
      '{"curl": "curl h"}',
    ])
      assert.ok(!looksLikeCurl(text), text)
  })

  it('are read or refused with a sentence, whatever they are', () => {
    const random = seededRandom(3)
    const lines = Object.values(COPIED)
    for (let n = 0; n < 1000; n++) {
      const line = lines[n % lines.length] ?? ''
      const at = Math.floor(random() * line.length)
      const cut =
        n % 2 === 0 ? line.slice(0, at) : line.slice(0, at) + line.slice(at + 1 + Math.floor(random() * 9))
      try {
        textThatReadsBack(readCurl(cut))
      } catch (thrown) {
        assert.ok(thrown instanceof Failure, String(thrown))
      }
    }
  })
})
