/** The routes of the simulator: its front page and a part of its `--help`. */
export const guide = `A provider of event feeds, for tests.

  GET  /plans  /events     Three consecutive answers, as plan-list-xml and as event-list-xml. Each fetch gets the
                           next one and the third stays. ?response=1|2|3 pins one, ?repeat=N gives each N times,
                           ?loop=1 begins again after the third.
  GET  /generated          A feed of any size, the same for the same seed:
                           ?dialect=plan-list-xml&seed=1&bases=1000&plansPerBase=1&zonesPerPlan=3
                           &firstDay=2026-01-01&days=365&longShare=0.05&hotDays=5&hotDayShare=0.2&offlineShare=0.02
                           &revision=0&changed=1: each revision changes this many records of the one before;
                           revision=auto advances every &everyMs=1000.
  POST /raw/NAME           Stores the body and its content type; GET /raw/NAME returns them.
  POST /misbehave          A JSON object of the faults below: they apply to every feed until DELETE /misbehave.

On every feed: ?gzip=1 compresses, ?etag=0 answers without an ETag. Each fault can also be in the query:
  latencyMs=N              Waits before the answer.
  status=503               Answers with this status and no body. retryAfterSeconds=N adds the header.
  body=html                Answers with an HTML page and status 200.
  truncateAt=BYTES         Ends the body early, like a normal end; with cut=reset it destroys the socket.
  stallAfter=BYTES         Sends this many bytes, then nothing.
  dripBytesPerSecond=N     Sends the body slowly.
`;
