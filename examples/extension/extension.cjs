// @ts-check
/** An extension that uses Realtime Inspector: it connects, waits for a message, and says what is wrong with the connection. */
const vscode = require('vscode')

/** @typedef {import('../../api/realtime-inspector').RealtimeInspectorApi} RealtimeInspectorApi */
/** @typedef {import('../../api/realtime-inspector').SessionEvent} SessionEvent */

/** @returns {Promise<RealtimeInspectorApi>} */
async function inspector() {
  /** @type {vscode.Extension<RealtimeInspectorApi> | undefined} */
  const extension = vscode.extensions.getExtension('realtime-inspector.realtime-inspector')
  if (extension === undefined) throw new Error('Realtime Inspector is not installed; install it first.')
  return await extension.activate()
}

/**
 * Connects, and resolves to the text of the first message from the server and to what the rules have found. Rejects if the
 * connection ends before.
 * @param {string} url
 */
async function waitForMessage(url) {
  const api = await inspector()
  /** @type {SessionEvent[]} */
  const early = []
  /** @type {(event: SessionEvent) => void} */
  let take = (event) => early.push(event)
  // Before `connect`, or the first events are missed.
  const subscription = api.onEvent((event) => take(event))
  try {
    const id = await api.connect({ url, reconnect: 'never' })
    const text = await new Promise((resolve, reject) => {
      take = ({ connection, type, direction, text: payload, message }) => {
        if (connection !== id) return
        if (type === 'message' && direction === 'in') resolve(payload)
        if (type === 'error') reject(new Error(String(message)))
        if (type === 'close') reject(new Error('The connection was closed before a message came.'))
      }
      for (const event of early) take(event)
    })
    const findings = (await api.diagnose()).filter(({ connection }) => connection === id)
    return { id, text, findings: findings.map(({ message }) => message) }
  } finally {
    subscription.dispose()
  }
}

/** @param {vscode.ExtensionContext} context */
exports.activate = ({ subscriptions }) => {
  subscriptions.push(
    vscode.commands.registerCommand('realtimeInspectorExample.waitForMessage', async (given) => {
      const url = typeof given === 'string' ? given : await vscode.window.showInputBox({ prompt: 'URL' })
      if (url === undefined) return undefined
      const result = await waitForMessage(url)
      if (given === undefined) void vscode.window.showInformationMessage(`The server said: ${result.text}`)
      return result
    }),
  )
}
