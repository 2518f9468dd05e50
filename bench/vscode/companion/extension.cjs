/** Measures the extension host from inside and calls the inspector, as requests over loopback ask for. */
const { writeFileSync } = require('node:fs')
const { createServer } = require('node:http')
const { monitorEventLoopDelay } = require('node:perf_hooks')
const vscode = require('vscode')

const INSPECTOR = 'realtime-inspector.realtime-inspector'
/** Milliseconds between two samples. They are part of each sample and are subtracted. */
const RESOLUTION = 10

const delay = monitorEventLoopDelay({ resolution: RESOLUTION })
const inspector = () => vscode.extensions.getExtension(INSPECTOR)

const CALLS = {
  pid: () => process.pid,
  isActive: () => inspector().isActive,
  /** Milliseconds, and whether this call activated the extension. */
  activate: async () => {
    const wasActive = inspector().isActive
    const started = performance.now()
    await inspector().activate()
    return { milliseconds: performance.now() - started, wasActive }
  },
  connect: (spec) => vscode.commands.executeCommand('realtimeInspector.connect', spec),
  connections: () => inspector().exports.connections(),
  save: (path) => inspector().exports.save(vscode.Uri.file(path)),
  closeEditors: () => vscode.commands.executeCommand('workbench.action.closeAllEditors'),
  resetDelay: () => {
    delay.reset()
    delay.enable()
    return null
  },
  delay: () => {
    const milliseconds = (nanoseconds) => nanoseconds / 1e6 - RESOLUTION
    return {
      p50: milliseconds(delay.percentile(50)),
      p99: milliseconds(delay.percentile(99)),
      longest: milliseconds(delay.max),
    }
  },
}

async function answer(request, response) {
  let body = ''
  for await (const chunk of request) body += chunk
  const { call, argument } = JSON.parse(body)
  try {
    response.end(JSON.stringify({ result: (await CALLS[call](argument)) ?? null }))
  } catch (error) {
    response.end(JSON.stringify({ error: String(error) }))
  }
}

exports.activate = (context) => {
  const server = createServer(answer)
  server.listen(0, '127.0.0.1', () =>
    writeFileSync(process.env.REALTIME_BENCH_PORT, String(server.address().port)),
  )
  context.subscriptions.push({ dispose: () => server.close() })
}
