/** nginx, as packaged by Debian, and with Nchan: one channel for all transports. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { onPath } from '../../scripts/run.ts'
import { refusedPort } from '../support/loopback.ts'
import { certificates } from '../support/tls.ts'

const MODULE = '/usr/lib/nginx/modules/ngx_nchan_module.so'
/** It starts in tens of milliseconds, but may take longer on a busy machine. */
const ATTEMPTS = 200

export interface Nchan {
  /** `127.0.0.1:PORT` */
  readonly host: string
  /** Publishes to a channel. Resolves when Nchan has the message. */
  publish(channel: string, message: string | Uint8Array): Promise<void>
  stop(): Promise<void>
}

/** A running nginx. */
export interface Nginx {
  /** `127.0.0.1:PORT` */
  readonly host: string
  readonly port: number
  stop(): Promise<void>
}

export interface NginxOptions {
  /** The directives of the only server, besides what it listens on. They name files by their paths in the folder. */
  readonly server: string
  readonly isTls?: boolean
  readonly isHttp2?: boolean
  /** Directives outside of `http`, and in it. */
  readonly main?: string
  readonly http?: string
  /** Files in its folder, by name. */
  readonly files?: Readonly<Record<string, string>>
}

/** Starts nginx in front of a server on a port of this machine, over HTTP/2 and TLS. `more` are directives of the location. */
export function startHttp2Nginx(upstream: number, more: string): Promise<Nginx> {
  const { cert, key } = certificates().server
  return startNginx({
    isTls: true,
    isHttp2: true,
    files: { 'server.pem': cert, 'server.key': key },
    server: `
      ssl_certificate server.pem;
      ssl_certificate_key server.key;
      location / {
        proxy_pass http://127.0.0.1:${upstream};
        proxy_http_version 1.1;
        ${more}
      }`,
  })
}

/** Starts nginx on a free port of 127.0.0.1. */
export async function startNginx(options: NginxOptions): Promise<Nginx> {
  const nginx = onPath('nginx') ?? '/usr/sbin/nginx'
  const folder = await mkdtemp(join(tmpdir(), 'realtime-nginx-'))
  const port = await refusedPort()
  await mkdir(join(folder, 'logs'))
  for (const [name, text] of Object.entries(options.files ?? {})) await writeFile(join(folder, name), text)
  await writeFile(join(folder, 'nginx.conf'), configuration(folder, port, options))
  const child = spawn(nginx, ['-p', folder, '-c', join(folder, 'nginx.conf'), '-e', 'stderr'], {
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  const stop = async () => {
    await end(child)
    await rm(folder, { recursive: true, force: true })
  }
  try {
    await accepting(port, child)
  } catch (error) {
    await stop()
    throw error
  }
  return { host: `127.0.0.1:${port}`, port, stop }
}

function configuration(
  folder: string,
  port: number,
  { server, main = '', http = '', isTls = false, isHttp2 = false }: NginxOptions,
): string {
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
  return `
    ${main}
    ${process.getuid?.() === 0 ? 'user root;' : ''}
    daemon off;
    worker_processes 1;
    pid ${folder}/nginx.pid;
    error_log stderr crit;
    events { worker_connections 200; }
    http {
      access_log off;
      ${temporary.map((name) => `${name}_temp_path ${folder}/${name};`).join('\n')}
      ${http}
      server {
        listen 127.0.0.1:${port}${isTls ? ' ssl' : ''}${isHttp2 ? ' http2' : ''};
        ${server}
      }
    }`
}

/** Paths: `/subscribe/CHANNEL`, `/publish/CHANNEL`, and `/impatient/CHANNEL`, which ends a held poll after a second. */
export async function startNchan(): Promise<Nchan> {
  const { host, stop } = await startNginx({
    main: `load_module ${MODULE};`,
    http: `
      nchan_message_buffer_length 100;
      nchan_message_timeout 5m;`,
    server: `
      location ~ ^/publish/(\\w+)$ {
        nchan_publisher http;
        nchan_channel_id $1;
        nchan_deflate_message_for_websocket on;
      }
      location ~ ^/subscribe/(\\w+)$ {
        nchan_subscriber;
        nchan_channel_id $1;
        nchan_subscriber_first_message oldest;
      }
      location ~ ^/impatient/(\\w+)$ {
        nchan_subscriber;
        nchan_channel_id $1;
        nchan_subscriber_first_message oldest;
        nchan_subscriber_timeout 1s;
      }`,
  })
  return { host, stop, publish: (channel, message) => publish(`http://${host}/publish/${channel}`, message) }
}

async function publish(url: string, body: string | Uint8Array): Promise<void> {
  const headers = { 'content-type': 'text/plain', accept: 'text/json' }
  const response = await fetch(url, { method: 'POST', headers, body: Buffer.from(body) })
  await response.arrayBuffer()
  if (!response.ok) throw new Error(`Nchan answered ${response.status} to a message.`)
}

/** Resolves once a program that was started accepts connections. */
export async function accepting(port: number, child: ChildProcess): Promise<void> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    if (child.exitCode !== null) throw new Error(`It ended with exit code ${child.exitCode}.`)
    const socket = connect(port, '127.0.0.1')
    const accepted = await once(socket, 'connect').then(
      () => true,
      () => false,
    )
    socket.destroy()
    if (accepted) return
    await delay(25)
  }
  throw new Error('It did not start.')
}

/** Ends a program that was started. */
export async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = once(child, 'exit')
  child.kill('SIGTERM')
  await ended
}
