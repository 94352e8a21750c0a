/** What the simulator serves, for people: its front page and part of its `--help`. */
export const guide = `A provider of event feeds, made to be tested against.

  GET  /plans  /events     Three consecutive answers, as plan-list-xml and as event-list-xml. Each fetch gets the
                           next one and the third stays. ?response=1|2|3 pins one, ?repeat=N gives each N times,
                           ?loop=1 begins again after the third.
  GET  /generated          A feed of any size, the same for the same seed:
                           ?dialect=plan-list-xml&seed=1&bases=1000&plansPerBase=1&zonesPerPlan=3
                           &firstDay=2026-01-01&days=365&longShare=0.05&hotDays=5&hotDayShare=0.2&offlineShare=0.02
                           &revision=0&changed=1: each revision changes so many records of the one before;
                           revision=auto moves on every &everyMs=1000.
  POST /raw/NAME           Keeps the body and its content type, to be fetched again at GET /raw/NAME.
  POST /misbehave          A JSON object of the faults below: every feed has them until DELETE /misbehave.

On every feed: ?gzip=1 compresses, ?etag=0 answers without an ETag. Faults, also one by one in the query:
  latencyMs=N              Silence first.
  status=503               This status and no body. retryAfterSeconds=N adds the header.
  body=html                An HTML page with status 200.
  truncateAt=BYTES         Ends the body early, as if that were all; with cut=reset it destroys the socket.
  stallAfter=BYTES         So many bytes, then silence.
  dripBytesPerSecond=N     A slow body.
`;
