/** Servers that may be what the user works on: ports of this machine on which dev servers usually listen. */
import { connect } from 'node:net'

/** The usual ports, and what listens there by default. */
export const DEV_PORTS: ReadonlyMap<number, string> = new Map([
  [5173, 'Vite'],
  [3000, 'Next.js, Express, Rails'],
  [8080, 'Spring Boot, webpack'],
  [4200, 'Angular'],
  [8000, 'Django, Uvicorn, Laravel'],
  [5000, 'Flask, ASP.NET Core'],
  [4000, 'Phoenix'],
  [4321, 'Astro'],
  [4173, 'Vite'],
  [8787, 'Wrangler'],
  [1313, 'Hugo'],
  [3001, 'Node.js'],
  [8081, 'Metro'],
  [8888, 'Jupyter'],
])

/** Milliseconds that a connection over loopback may take. */
const PATIENCE = 500

/** The addresses of this machine. What `localhost` is may be only one of them. */
const LOOPBACK = ['127.0.0.1', '::1']

/** Those of the ports on which something listens, in their order. Opens a connection to each, and closes it. */
export async function listeningPorts(ports: readonly number[]): Promise<readonly number[]> {
  const listening = await Promise.all(
    ports.map(async (port) => {
      const answers = await Promise.all(LOOPBACK.map((host) => isListening(host, port)))
      return answers.includes(true)
    }),
  )
  return ports.filter((_, at) => listening[at])
}

function isListening(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: PATIENCE })
    const settle = (answer: boolean) => {
      socket.destroy()
      resolve(answer)
    }
    socket.once('connect', () => settle(true))
    socket.once('timeout', () => settle(false))
    socket.once('error', () => settle(false))
  })
}
