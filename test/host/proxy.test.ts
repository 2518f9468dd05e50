/** What recording proxies are started for, and how programs find them. */
import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import { parseFault } from '../../src/shared/faults/fault-text.ts'
import type { ProxyStatus } from '../../src/shared/protocol/traffic.ts'
import { proxyUrl } from '../../src/shared/proxy-url.ts'
import { listeningPorts } from '../../src/vscode/proxy/dev-servers.ts'
import { forwardVariables, isVariableName, valueFor } from '../../src/vscode/proxy/environment.ts'
import { RecentTargets } from '../../src/vscode/proxy/recent-targets.ts'
import { opensTarget, throughProxy } from '../../src/vscode/proxy/through-proxy.ts'
import { targetsIn } from '../../src/vscode/proxy/typed-target.ts'
import { passedLook, proxyLook, proxyTooltip } from '../../src/vscode/side-bar/proxy-look.ts'
import { closeServers, listen, refusedUrl } from '../support/loopback.ts'

const REVERSE: ProxyStatus = {
  id: 1,
  listening: 'http://127.0.0.1:4100',
  target: 'http://localhost:5173',
  passed: { requests: 0, bytes: 0 },
  faults: [],
}
const FORWARD: ProxyStatus = { id: 2, listening: REVERSE.listening, passed: REVERSE.passed, faults: [] }

function memento(values: Record<string, unknown> = {}) {
  return {
    keys: () => Object.keys(values),
    get: (key: string) => values[key] as never,
    update: async (key: string, value: unknown) => {
      values[key] = value
    },
  }
}

describe('the target of a recording proxy', () => {
  for (const [typed, targets] of [
    ['3000', ['http://localhost:3000']],
    [' :8080 ', ['http://localhost:8080']],
    ['localhost:5173/', ['http://localhost:5173', 'https://localhost:5173']],
    ['example.com', ['https://example.com', 'http://example.com']],
    ['https://example.com/app', ['https://example.com']],
    ['ws://localhost:3000/socket?room=1', ['http://localhost:3000']],
    ['', []],
  ] as const)
    it(`may be ${targets.join(' or ') || 'nothing'} if ${JSON.stringify(typed)} is typed`, () => {
      assert.deepEqual(targetsIn(typed), targets)
    })

  it('is not what no URL is, which is said in a sentence', () => {
    for (const typed of ['99999', 'ftp://example.com', 'http://'])
      assert.match(String(targetsIn(typed)), /^[^[].*[.?]$/, typed)
  })

  it('is offered if something listens on its port, over IPv4 or IPv6', async () => {
    const server = createServer()
    const port = await listen(server)
    const other = Number(new URL(await refusedUrl()).port)
    assert.deepEqual(await listeningPorts([other, port]), [port])
    closeServers()
    const six = createServer().listen(0, '::1')
    try {
      await new Promise((resolve) => six.once('listening', resolve))
      const { port: onSix } = six.address() as { port: number }
      assert.deepEqual(await listeningPorts([onSix, other]), [onSix])
    } finally {
      six.close()
    }
  })

  it('is remembered, the latest first, unless it has a secret', async () => {
    const recent = new RecentTargets(memento(), memento())
    for (const target of ['http://a', 'http://b', 'http://a', 'http://user:pass@c']) await recent.add(target)
    assert.deepEqual(recent.all, ['http://a', 'http://b'])
    await recent.forget('http://a')
    assert.deepEqual(recent.all, ['http://b'])
  })

  it('of a proxy that ran when the window ended is remembered with its port', async () => {
    const workspace = memento()
    await new RecentTargets(memento(), workspace).setRunning([REVERSE, FORWARD])
    const later = new RecentTargets(memento(), workspace)
    assert.deepEqual(later.ended, [{ port: 4100, target: REVERSE.target }, { port: 4100 }])
    const faults = ['delay=200,match=size>10,seed=7', 'drop=0.1'].flatMap(parseFault)
    await later.setRunning([{ ...REVERSE, insecure: true, faults }])
    const again = new RecentTargets(memento(), workspace)
    assert.deepEqual(again.ended, [{ port: 4100, target: REVERSE.target, insecure: true, faults }])
    await later.setRunning([])
    assert.deepEqual(new RecentTargets(memento(), workspace).ended, [])
  })

  it('is not remembered from what another version stored', () => {
    const recent = new RecentTargets(memento({ recentProxyTargets: [1] }), memento({ runningProxies: 'x' }))
    assert.deepEqual([recent.all, recent.ended], [[], []])
  })
})

describe('a program whose traffic is recorded', () => {
  it('finds a forward proxy by the variables that are in use, without exceptions', () => {
    const variables = forwardVariables({ listening: 'http://127.0.0.1:4100/' })
    assert.equal(variables.HTTP_PROXY, 'http://127.0.0.1:4100')
    assert.equal(variables.https_proxy, 'http://127.0.0.1:4100')
    assert.equal(variables.NO_PROXY, null)
  })

  it('finds a reverse proxy by a variable, with ws: if its name says so', () => {
    assert.equal(valueFor('API_URL', REVERSE), 'http://localhost:4100')
    for (const name of ['VITE_WS_URL', 'SOCKET_URL', 'WEBSOCKET', 'wss'])
      assert.equal(valueFor(name, REVERSE), 'ws://localhost:4100', name)
    for (const name of ['NEWS_URL', 'AWS_ENDPOINT'])
      assert.equal(valueFor(name, REVERSE), 'http://localhost:4100', name)
    assert.deepEqual(['API_URL', '_x1', '1x', 'A-B', 'A=B', ''].map(isVariableName), [
      ...[true, true],
      ...[false, false, false, false],
    ])
  })

  it('finds a proxy at the name of its target, so that cookies are sent', () => {
    assert.equal(proxyUrl(REVERSE), 'http://localhost:4100')
    assert.equal(proxyUrl({ ...REVERSE, target: 'https://example.com' }), 'http://127.0.0.1:4100')
    assert.equal(proxyUrl(FORWARD), 'http://127.0.0.1:4100')
  })

  const chrome = { type: 'chrome', request: 'launch', name: 'Page', url: 'http://127.0.0.1:5173/shop?a=1#b' }

  it('is a browser that opens the proxy in place of the target, at the same page', () => {
    assert.ok(opensTarget(chrome, REVERSE))
    assert.equal(throughProxy(chrome, REVERSE, {}).url, 'http://127.0.0.1:4100/shop?a=1#b')
    const local = { ...chrome, url: 'http://localhost:5173/' }
    assert.equal(throughProxy(local, REVERSE, {}).url, 'http://localhost:4100/', 'its cookies are sent')
    assert.equal(opensTarget({ ...chrome, url: 'http://localhost:3000' }, REVERSE), false)
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a variable of VS Code.
    assert.equal(opensTarget({ ...chrome, url: '${workspaceFolder}/index.html' }, REVERSE), false)
  })

  it('is a browser that sends everything through a forward proxy, also to this machine', () => {
    const { runtimeArgs } = throughProxy({ ...chrome, runtimeArgs: ['--auto'] }, FORWARD, {})
    assert.deepEqual(runtimeArgs, [
      '--auto',
      '--proxy-server=http://127.0.0.1:4100',
      '--proxy-bypass-list=<-loopback>',
    ])
  })

  it('keeps its own environment when it is debugged', () => {
    const node = { type: 'node', request: 'launch', name: 'Server', env: { A: '1', NO_PROXY: 'x' } }
    assert.deepEqual(throughProxy(node, FORWARD, { HTTP_PROXY: 'u', NO_PROXY: null }).env, {
      ...{ A: '1', HTTP_PROXY: 'u', NO_PROXY: '' },
    })
  })
})

describe('a recording proxy in the side bar', () => {
  it('says where it listens, for what, and what went through it', () => {
    const idle = proxyLook(REVERSE, 0)
    assert.equal(idle.label, 'Proxy :4100')
    assert.equal(idle.description, 'http://localhost:5173 · waiting for traffic')
    assert.equal(idle.folding, 'expanded')
    assert.equal(proxyLook(REVERSE, 2).description, 'http://localhost:5173 · 2 connections')
    assert.match(proxyTooltip(REVERSE, 2), /2 connections$/)
  })

  it('has what passed in a row of its own, because the rows below a row that changes lose their buttons', () => {
    const busy = { ...REVERSE, passed: { requests: 12, bytes: 2000 } }
    assert.equal(passedLook(busy).description, '12 requests · 2.0 kB')
    assert.deepEqual(proxyLook(busy, 2), proxyLook(REVERSE, 2))
    assert.equal(proxyTooltip(busy, 2), proxyTooltip(REVERSE, 2))
  })

  it('tells menus its kind, and everybody that it causes faults', () => {
    assert.equal(proxyLook(REVERSE, 0).context, 'server proxy reverse')
    assert.equal(proxyLook(FORWARD, 0).context, 'server proxy forward')
    const faulty = proxyLook({ ...REVERSE, faults: [{ kind: 'delay', value: 200 }] }, 0)
    assert.match(faulty.description ?? '', /1 fault$/)
    assert.equal(faulty.color, 'list.warningForeground')
  })
})
