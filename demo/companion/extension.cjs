/**
 * Connects the inspector to the demo server: to the one that demo.json in the opened folder names, which
 * `npm start` writes, or else to the built-in one.
 */
const vscode = require('vscode')

exports.activate = async () => {
  const [file] = await vscode.workspace.findFiles('demo.json')
  if (file === undefined) return vscode.commands.executeCommand('realtimeInspector.startDemo')
  const { connections } = JSON.parse(Buffer.from(await vscode.workspace.fs.readFile(file)).toString())
  for (const spec of connections) await vscode.commands.executeCommand('realtimeInspector.connect', spec)
}
