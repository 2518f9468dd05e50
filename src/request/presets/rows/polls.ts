/** APIs of long polling. */
import type { Preset } from '../preset.ts'

export const POLLS: readonly Preset[] = [
  {
    name: 'consul',
    title: 'Consul blocking query',
    hint: 'The healthy instances of a service, whenever they change',
    request: `### Consul
# The address of the agent
@consul = http://localhost:8500
# The service
@consul_service = consul
# If access is controlled, add the header X-Consul-Token: {{$secret CONSUL_TOKEN}}
# @option cursor header:X-Consul-Index:index
LONGPOLL {{consul}}/v1/health/service/{{consul_service}}?passing=true&wait=5m
`,
    resume: '`index` is the value of `X-Consul-Index`. If it falls, the next request starts over without it',
    quiet:
      'After `wait` (at most 10 minutes, and up to a sixteenth longer), the whole answer with the same index: it is empty',
    triedAgainst: { standIn: 'HTTP API v1' },
    documents: 'https://developer.hashicorp.com/consul/api-docs/features/blocking',
  },
  {
    name: 'couchdb',
    title: 'CouchDB changes, long polling',
    hint: 'The changes of a database from now on, one answer after another',
    request: `### CouchDB changes
# The address of the server
@couchdb = http://localhost:5984
# The database
@couchdb_database = db
# The user
@couchdb_user = admin
# @option cursor json:/last_seq:since
LONGPOLL {{couchdb}}/{{couchdb_database}}/_changes?feed=longpoll&since=now&timeout=60000
Authorization: Basic {{couchdb_user}} {{$secret COUCHDB_PASSWORD}}
`,
    resume: '`since` is `now` at first, then `last_seq` of the last answer',
    quiet:
      'After `timeout`, `{"results":[],"last_seq":…}`: it is empty if `last_seq` is the same, which it is not always in a cluster. With `heartbeat` in place of `timeout`, the server holds the answer and sends blank lines, which are not messages',
    triedAgainst: { standIn: '_changes of CouchDB 3', byHand: 'express-pouchdb 4.2.0' },
    documents: 'https://docs.couchdb.org/en/stable/api/database/changes.html',
  },
  {
    name: 'matrix',
    title: 'Matrix sync',
    hint: 'The events of all rooms of a user',
    request: `### Matrix
# The address of the homeserver
@matrix = https://matrix.org
# @option cursor json:/next_batch:since
LONGPOLL {{matrix}}/_matrix/client/v3/sync?timeout=30000
Authorization: Bearer {{$secret MATRIX_TOKEN}}
`,
    resume:
      '`since` is `next_batch` of the last answer. The first answer has the state of all rooms and can be large',
    quiet:
      'After `timeout`, an answer with little more than `next_batch`: it is empty if `next_batch` is the same',
    triedAgainst: { standIn: 'Client-Server API, /v3/sync' },
    documents: 'https://spec.matrix.org/latest/client-server-api/#syncing',
  },
  {
    name: 'telegram',
    title: 'Telegram bot updates',
    hint: 'The messages to a bot (getUpdates)',
    request: `### Telegram
# The address of the Bot API
@telegram = https://api.telegram.org
# @option cursor json:$.result[-1].update_id+1:offset
LONGPOLL {{telegram}}/bot{{$secret TELEGRAM_TOKEN}}/getUpdates?timeout=50
`,
    resume:
      '`offset` is `update_id` of the last update plus 1. A request with it confirms the updates before it: the bot itself does not get them again',
    quiet:
      'After `timeout` (in seconds), `{"ok":true,"result":[]}`: it is empty. Status 409 means that another program polls, or that a webhook is set: the connection fails',
    triedAgainst: { standIn: 'Bot API' },
    documents: 'https://core.telegram.org/bots/api#getupdates',
  },
  {
    name: 'nchan',
    title: 'Nchan channel',
    hint: 'The messages of a channel of nginx with Nchan',
    request: `### Nchan
# The address of the subscriber location, with the channel
@nchan = http://localhost:8080/sub/news
LONGPOLL {{nchan}}
`,
    resume:
      '`If-Modified-Since` is `Last-Modified`, and `If-None-Match` is `Etag` of the last answer: both are needed',
    quiet:
      'Status 408 after the timeout of the server, or 304 if the location is for polling in intervals: it is empty',
    triedAgainst: { debian: 'libnginx-mod-nchan', version: '1.3.6' },
    documents: 'https://nchan.io/#long-polling',
  },
]
