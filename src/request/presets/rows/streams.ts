/** APIs of event streams and HTTP streams. */
import type { Preset } from '../preset.ts'

export const STREAMS: readonly Preset[] = [
  {
    name: 'couchdb-continuous',
    title: 'CouchDB changes, continuous',
    hint: 'The changes of a database from now on, in one response',
    request: `### CouchDB continuous changes
# The address of the server
@couchdb = http://localhost:5984
# The database
@couchdb_database = db
# The user
@couchdb_user = admin
# @option cursor json:/seq:since
# @option framing ndjson
STREAM {{couchdb}}/{{couchdb_database}}/_changes?feed=continuous&since=now&heartbeat=30000
Authorization: Basic {{couchdb_user}} {{$secret COUCHDB_PASSWORD}}
`,
    resume: '`since` is `seq` of the last change',
    quiet: 'A blank line every `heartbeat` milliseconds, which is not a message',
    triedAgainst: { standIn: '_changes of CouchDB 3', byHand: 'express-pouchdb 4.2.0' },
    documents: 'https://docs.couchdb.org/en/stable/api/database/changes.html#continuous',
  },
  {
    name: 'kubernetes',
    title: 'Kubernetes watch',
    hint: 'The pods of a namespace: first all of them, then changes',
    request: `### Kubernetes
# The address of the API server, such as that of kubectl proxy
@kubernetes = http://localhost:8001
# The namespace
@kubernetes_namespace = default
# Without kubectl proxy, add the header Authorization: Bearer {{$secret KUBERNETES_TOKEN}}
# @option cursor json:/object/metadata/resourceVersion:resourceVersion
STREAM {{kubernetes}}/api/v1/namespaces/{{kubernetes_namespace}}/pods?watch=1&allowWatchBookmarks=true
`,
    resume:
      '`resourceVersion` is that of the last object or bookmark, also when the server ends the response after some minutes. If it is too old (410, as a status or in an `ERROR` object), the next request starts over: it has all pods again. The first list is not in the order of versions, so some pods can come twice',
    quiet:
      'A `BOOKMARK` object about every minute, which is a message; or a response that ends without lines',
    triedAgainst: { standIn: 'API v1' },
    documents: 'https://kubernetes.io/docs/reference/using-api/api-concepts/#efficient-detection-of-changes',
  },
  {
    name: 'docker-events',
    title: 'Docker events',
    hint: 'What happens to containers, images, networks and volumes',
    request: `### Docker events
# The address of the daemon over TCP, such as that of socat TCP-LISTEN:2375,bind=127.0.0.1,fork UNIX:/var/run/docker.sock
@docker = http://localhost:2375
# @option cursor json:/time:since
STREAM {{docker}}/events
`,
    resume: '`since` is `time` of the last event, in seconds: events of that second come again',
    quiet: 'Nothing is sent',
    triedAgainst: { standIn: 'Docker Engine API v1.51', byHand: 'the Docker API of Podman 4.3.1' },
    documents:
      'https://docs.docker.com/reference/api/engine/version/v1.51/#tag/System/operation/SystemEvents',
  },
  {
    name: 'docker-logs',
    title: 'Docker logs',
    hint: 'The output of a container: the last lines, then new ones',
    request: `### Docker logs
# The address of the daemon over TCP, such as that of socat TCP-LISTEN:2375,bind=127.0.0.1,fork UNIX:/var/run/docker.sock
@docker = http://localhost:2375
# The container, by its name or ID
@docker_container = web
STREAM {{docker}}/containers/{{docker_container}}/logs?follow=1&stdout=1&stderr=1&tail=100&timestamps=1
`,
    resume:
      'Not at all: after a reconnect, the last 100 lines come again. The stream ends with the container. Its frames are recognized by the `Content-Type`, or by the first frame, because daemons before API 1.42 do not announce them; a container with a terminal sends text',
    quiet: 'Nothing is sent',
    triedAgainst: { standIn: 'Docker Engine API v1.41 and v1.51' },
    documents:
      'https://docs.docker.com/reference/api/engine/version/v1.51/#tag/Container/operation/ContainerLogs',
  },
  {
    name: 'etcd',
    title: 'etcd watch',
    hint: 'The changes of keys, through the JSON gateway',
    request: `### etcd
# The address of the server
@etcd = http://localhost:2379
# The first key, in base64; AA== with the end AA== are all keys
@etcd_key = AA==
# The end of the range, in base64, which is not part of it
@etcd_end = AA==
# @option reconnect backoff
STREAM {{etcd}}/v3/watch
Content-Type: application/json

{ "create_request": { "key": "{{etcd_key}}", "range_end": "{{etcd_end}}", "progress_notify": true } }
`,
    resume:
      'Not by itself, because the revision is in the body: changes during an outage are missed. To have them, add `"start_revision"` to the request: `mod_revision` of the last change plus 1',
    quiet: 'A response without events about every 10 minutes (`progress_notify`), which is a message',
    triedAgainst: { debian: 'etcd-server', version: '3.4.23' },
    documents: 'https://etcd.io/docs/v3.6/dev-guide/api_grpc_gateway/#watch-keys',
  },
  {
    name: 'mercure',
    title: 'Mercure hub',
    hint: 'The updates of a topic',
    request: `### Mercure
# The address of the hub
@mercure = https://localhost/.well-known/mercure
# The topic (newer hubs name the parameter match)
@mercure_topic = *
SSE {{mercure}}?topic={{mercure_topic}}
Authorization: Bearer {{$secret MERCURE_TOKEN}}
`,
    resume:
      '`Last-Event-ID` is the ID of the last update. To begin after an update, add `&lastEventID=` with its ID to the URL (`earliest` for all that are kept)',
    quiet: 'A comment (`:`) about every 40 seconds',
    triedAgainst: { standIn: 'the Mercure protocol' },
    documents: 'https://mercure.rocks/spec',
  },
  {
    name: 'home-assistant-stream',
    title: 'Home Assistant event stream',
    hint: 'All events of the home, over HTTP',
    request: `### Home Assistant stream
# The address of Home Assistant
@home_assistant = http://homeassistant.local:8123
SSE {{home_assistant}}/api/stream
Authorization: Bearer {{$secret HOME_ASSISTANT_TOKEN}}
`,
    resume: 'Not at all: events have no IDs, so those of an outage are missed',
    quiet: '`data: ping` about every 50 seconds, which is a message',
    triedAgainst: { standIn: 'its REST API' },
    documents: 'https://developers.home-assistant.io/docs/api/rest/',
  },
]
