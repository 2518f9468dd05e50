/** The tools for language models. The editor and `realtime-inspector mcp` offer the same ones. */
import { compareTool } from './compare-tool.ts'
import { connectTool } from './connect-tool.ts'
import { diagnoseTool } from './diagnose-tool.ts'
import { disconnectTool } from './disconnect-tool.ts'
import { eventsTool } from './events-tool.ts'
import { listTool } from './list-tool.ts'
import { sendTool } from './send-tool.ts'
import type { Tool } from './tool.ts'
import { waitTool } from './wait-tool.ts'

export const TOOLS: readonly Tool[] = [
  ...[connectTool, listTool, eventsTool, sendTool],
  ...[waitTool, diagnoseTool, compareTool, disconnectTool],
]
