// Written by `npm run client`. Do not change it by hand.

export interface paths {
    "/search": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Lists the events of a time range
         * @description Lists the events that lie wholly in the range: they start at `starts_at` or later and end at `ends_at` or earlier. They are sorted by start, then by id. A missing bound leaves the range open. An event stays searchable after its provider stops listing it. Other parameters are ignored, and a header names them. Needs the scope `search:read` where credentials are required.
         */
        get: operations["searchEvents"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        /**
         * Lists the events of a time range: headers only
         * @description Lists the events that lie wholly in the range: they start at `starts_at` or later and end at `ends_at` or earlier. They are sorted by start, then by id. A missing bound leaves the range open. An event stays searchable after its provider stops listing it. Other parameters are ignored, and a header names them. Needs the scope `search:read` where credentials are required.
         */
        head: operations["searchEventsHead"];
        patch?: never;
        trace?: never;
    };
    "/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Lists events with filters, orders and pages
         * @description Pages come by `limit` and `cursor`, or by `page` and `page_size`: 50 events by default, at most 1000. All pages that a cursor leads to are of one version of the catalogue. `Link` leads to other pages. Ask for `application/x-ndjson` to get all events of the query in one answer, one per line. Needs the scope `events:read` where credentials are required.
         */
        get: operations["listEvents"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        /**
         * Lists events with filters, orders and pages: headers only
         * @description Pages come by `limit` and `cursor`, or by `page` and `page_size`: 50 events by default, at most 1000. All pages that a cursor leads to are of one version of the catalogue. `Link` leads to other pages. Ask for `application/x-ndjson` to get all events of the query in one answer, one per line. Needs the scope `events:read` where credentials are required.
         */
        head: operations["listEventsHead"];
        patch?: never;
        trace?: never;
    };
    "/events.ics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Returns events as a calendar to subscribe to
         * @description The first 2000 events of the query; when there are more, the description of the calendar says so. `/events` with `Accept: text/calendar` returns the same. Times are in UTC; an event without a time is an event of whole days. `SEQUENCE` rises with the versions of the catalogue; `LAST-MODIFIED` is when the feed run began that changed the event last. Needs the scope `events:read` where credentials are required.
         */
        get: operations["subscribeToEvents"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        /**
         * Returns events as a calendar to subscribe to: headers only
         * @description The first 2000 events of the query; when there are more, the description of the calendar says so. `/events` with `Accept: text/calendar` returns the same. Times are in UTC; an event without a time is an event of whole days. `SEQUENCE` rises with the versions of the catalogue; `LAST-MODIFIED` is when the feed run began that changed the event last. Needs the scope `events:read` where credentials are required.
         */
        head: operations["subscribeToEventsHead"];
        patch?: never;
        trace?: never;
    };
    "/events/histogram": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Counts events by hour, day, week or month
         * @description Each event counts once, in the bucket of its start. Empty buckets between others are included. Needs the scope `events:read` where credentials are required.
         */
        get: operations["countEvents"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        /**
         * Counts events by hour, day, week or month: headers only
         * @description Each event counts once, in the bucket of its start. Empty buckets between others are included. Needs the scope `events:read` where credentials are required.
         */
        head: operations["countEventsHead"];
        patch?: never;
        trace?: never;
    };
    "/events/lookup": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Finds many events by their ids
         * @description At most 500 ids. All events are of one version of the catalogue, with the fields of `/events/{id}`. Needs the scope `events:read` where credentials are required.
         */
        post: operations["lookUpEvents"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/events/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Finds an event by its id
         * @description An event that was ever on sale online is found, also after it has left its feed. Its zones and when it was seen are read from the snapshot store; answers without these fields come from memory. Ask for `application/ld+json` to get it as an Event of schema.org, and for `text/calendar` to get it as a calendar; these forms take no parameters. With `as_of` it is what the catalogue had then: a version comes from the snapshot store, an instant from the archive. Needs the scope `events:read` where credentials are required.
         */
        get: operations["getEvent"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        /**
         * Finds an event by its id: headers only
         * @description An event that was ever on sale online is found, also after it has left its feed. Its zones and when it was seen are read from the snapshot store; answers without these fields come from memory. Ask for `application/ld+json` to get it as an Event of schema.org, and for `text/calendar` to get it as a calendar; these forms take no parameters. With `as_of` it is what the catalogue had then: a version comes from the snapshot store, an instant from the archive. Needs the scope `events:read` where credentials are required.
         */
        head: operations["getEventHead"];
        patch?: never;
        trace?: never;
    };
    "/events/{id}.ics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Returns one event as a calendar
         * @description As in `/events.ics`. `/events/{id}` with `Accept: text/calendar` returns the same. `STATUS` is `CANCELLED` for an event that is cancelled. Needs the scope `events:read` where credentials are required.
         */
        get: operations["getEventCalendar"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        /**
         * Returns one event as a calendar: headers only
         * @description As in `/events.ics`. `/events/{id}` with `Accept: text/calendar` returns the same. `STATUS` is `CANCELLED` for an event that is cancelled. Needs the scope `events:read` where credentials are required.
         */
        head: operations["getEventCalendarHead"];
        patch?: never;
        trace?: never;
    };
    "/events/{id}/history": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Lists what changed of an event, and when
         * @description From the journal of the archive: what feeds said of the event, online or not, from its first feed on. A change is here once it is in the archive, which may be seconds before the catalogue has it. Needs the scope `events:read` where credentials are required.
         */
        get: operations["getEventHistory"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        /**
         * Lists what changed of an event, and when: headers only
         * @description From the journal of the archive: what feeds said of the event, online or not, from its first feed on. A change is here once it is in the archive, which may be seconds before the catalogue has it. Needs the scope `events:read` where credentials are required.
         */
        head: operations["getEventHistoryHead"];
        patch?: never;
        trace?: never;
    };
    "/changes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Lists what has changed since a token
         * @description Each answer has the token for the next request, also an empty one. A client that applies each change to its copy by `id` has the catalogue of that version once `has_more` is false. A page has each event once, in its latest state, and 100 changes by default, at most 1000. Any host continues from the token of another. A token that cannot be continued is a 410 `resync_required`: begin again without `since`, and drop what the pages until `has_more` is false do not have.
         *
         *     Ask for `text/event-stream` to stay connected and receive changes as they come, as server-sent events. Without `since` they begin with what changes from now on. `Last-Event-ID` takes the place of `since`, so that an `EventSource` continues where it was cut off. `limit` has no meaning there and is refused. Needs the scope `changes:read` where credentials are required.
         */
        get: operations["listChanges"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        /**
         * Lists what has changed since a token: headers only
         * @description Each answer has the token for the next request, also an empty one. A client that applies each change to its copy by `id` has the catalogue of that version once `has_more` is false. A page has each event once, in its latest state, and 100 changes by default, at most 1000. Any host continues from the token of another. A token that cannot be continued is a 410 `resync_required`: begin again without `since`, and drop what the pages until `has_more` is false do not have.
         *
         *     Ask for `text/event-stream` to stay connected and receive changes as they come, as server-sent events. Without `since` they begin with what changes from now on. `Last-Event-ID` takes the place of `since`, so that an `EventSource` continues where it was cut off. `limit` has no meaning there and is refused. Needs the scope `changes:read` where credentials are required.
         */
        head: operations["listChangesHead"];
        patch?: never;
        trace?: never;
    };
    "/rpde/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Returns the catalogue as an RPDE feed
         * @description A page of OpenActive's Realtime Paged Data Exchange 1.0, by change number. Follow `next` until a page has no items and leads to itself: that is the last page. Request it again, 8 s later at the earliest, for what changes from then on. An event that its feed no longer lists is `deleted`. A page has 500 items by default, at most 1000. Needs the scope `changes:read` where credentials are required.
         */
        get: operations["listRpdeEvents"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        /**
         * Returns the catalogue as an RPDE feed: headers only
         * @description A page of OpenActive's Realtime Paged Data Exchange 1.0, by change number. Follow `next` until a page has no items and leads to itself: that is the last page. Request it again, 8 s later at the earliest, for what changes from then on. An event that its feed no longer lists is `deleted`. A page has 500 items by default, at most 1000. Needs the scope `changes:read` where credentials are required.
         */
        head: operations["listRpdeEventsHead"];
        patch?: never;
        trace?: never;
    };
    "/openapi.json": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Returns this contract
         * @description The OpenAPI 3.1 description of every operation of this port. Its version is that of Marquee.
         */
        get: operations["getContract"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        /**
         * Returns this contract: headers only
         * @description The OpenAPI 3.1 description of every operation of this port. Its version is that of Marquee.
         */
        head: operations["getContractHead"];
        patch?: never;
        trace?: never;
    };
    "/docs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Shows the contract as a page
         * @description An interactive page, which loads nothing from other hosts.
         */
        get: operations["showDocumentation"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        /**
         * Shows the contract as a page: headers only
         * @description An interactive page, which loads nothing from other hosts.
         */
        head: operations["showDocumentationHead"];
        patch?: never;
        trace?: never;
    };
    "/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Shows the search page
         * @description A page for people, which lists events by this API and loads nothing from other hosts. Its script reads the query of its URL: the filters of `/events`, and what the page adds to them.
         */
        get: operations["showSearchPage"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        /**
         * Shows the search page: headers only
         * @description A page for people, which lists events by this API and loads nothing from other hosts. Its script reads the query of its URL: the filters of `/events`, and what the page adds to them.
         */
        head: operations["showSearchPageHead"];
        patch?: never;
        trace?: never;
    };
    "/pages/{file}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Returns a file of the search page
         * @description A script or an image that the page loads. Its URL there has the version of the file, `?v=…`: then caches may keep it for a year.
         */
        get: operations["getPageFile"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        /**
         * Returns a file of the search page: headers only
         * @description A script or an image that the page loads. Its URL there has the version of the file, `?v=…`: then caches may keep it for a year.
         */
        head: operations["getPageFileHead"];
        patch?: never;
        trace?: never;
    };
    "/docs/assets/{file}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Returns a file of the page
         * @description A style sheet, a script or an image that the page loads.
         */
        get: operations["getDocumentationFile"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        /**
         * Returns a file of the page: headers only
         * @description A style sheet, a script or an image that the page loads.
         */
        head: operations["getDocumentationFileHead"];
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        Lookup: {
            /**
             * @description Ids of events. An id that comes twice counts once.
             * @example [
             *       "8b6d3a0e-6d53-5a3e-9d1c-0a8f2f6f3a11"
             *     ]
             */
            ids: string[];
        };
        Events: {
            data: components["schemas"]["EventList"];
            error: null;
        };
        EventList: {
            /** @description By start, then by id; may be empty. */
            events: components["schemas"]["EventSummary"][];
        };
        /**
         * @description What the search says of an event.
         * @example {
         *       "id": "8b6d3a0e-6d53-5a3e-9d1c-0a8f2f6f3a11",
         *       "title": "The Night Tram",
         *       "start_date": "2021-02-10",
         *       "start_time": "20:00:00",
         *       "end_date": "2021-02-10",
         *       "end_time": "21:30:00",
         *       "min_price": 55,
         *       "max_price": 55
         *     }
         */
        EventSummary: {
            /**
             * Format: uuid
             * @description Identifies the event, permanently for its provider, base and plan.
             */
            id: string;
            /** @description As the provider wrote it. */
            title: string;
            /** @description The day on which it starts, in local time. */
            start_date: string;
            /** @description The time at which it starts, in local time. */
            start_time: string | null;
            /** @description The day on which it ends, in local time. */
            end_date: string | null;
            /** @description The time at which it ends, in local time. */
            end_time: string | null;
            /** @description The lowest price of its zones; null if no zone counts. */
            min_price: number | null;
            /** @description The highest price of its zones; null if no zone counts. */
            max_price: number | null;
        };
        /** @description The body of every error. */
        Error: {
            data: null;
            error: {
                code: components["schemas"]["ErrorCode"];
                /** @description For people: what was received and what was expected. */
                message: string;
            };
        };
        /**
         * @description Stable, for programs.
         * @enum {string}
         */
        ErrorCode: "credential_missing" | "credential_invalid" | "scope_missing" | "rate_limited" | "credential_unverifiable" | "instant_unreadable" | "date_impossible" | "time_impossible" | "parameter_repeated" | "parameter_unknown" | "parameter_invalid" | "field_unknown" | "range_reversed" | "escape_invalid" | "bound_missing" | "paging_mixed" | "page_too_deep" | "too_many_buckets" | "cursor_invalid" | "cursor_mismatch" | "id_invalid" | "as_of_future" | "body_invalid" | "token_invalid" | "token_mismatch" | "bad_request" | "body_unexpected" | "not_found" | "event_unknown" | "method_not_allowed" | "request_timeout" | "cursor_expired" | "version_expired" | "resync_required" | "precondition_failed" | "body_too_large" | "uri_too_long" | "media_type_unsupported" | "expectation_failed" | "headers_too_large" | "internal" | "method_unknown" | "busy" | "details_unavailable" | "archive_unavailable" | "zones_unavailable" | "too_many_listeners" | "version_unavailable" | "http_version_unsupported";
        EventPage: {
            data: components["schemas"]["PageByCursor"] | components["schemas"]["PageByNumber"];
            error: null;
        };
        PageByCursor: {
            /** @description In the order of `sort_by`; may be empty. */
            events: components["schemas"]["EventDetails"][];
            /** @description The `cursor` of the next page; null on the last page. */
            next_cursor: string | null;
        };
        /**
         * @description What lists say of an event: the fields that `fields` names, or all.
         * @example {
         *       "id": "8b6d3a0e-6d53-5a3e-9d1c-0a8f2f6f3a11",
         *       "title": "The Night Tram",
         *       "start_date": "2021-02-10",
         *       "start_time": "20:00:00",
         *       "end_date": "2021-02-10",
         *       "end_time": "21:30:00",
         *       "min_price": 55,
         *       "max_price": 55,
         *       "starts_at": "2021-02-10T19:00:00Z",
         *       "ends_at": "2021-02-10T20:30:00Z",
         *       "time_zone": "Europe/Madrid",
         *       "provider": "fever",
         *       "base_id": "291",
         *       "plan_id": "1642",
         *       "sell_mode": "online",
         *       "sell_from": "2021-01-01T00:00:00",
         *       "sell_to": null,
         *       "sold_out": false,
         *       "capacity": 240,
         *       "listed": true,
         *       "status": "scheduled"
         *     }
         */
        EventDetails: {
            /**
             * Format: uuid
             * @description Identifies the event, permanently for its provider, base and plan.
             */
            id?: string;
            /** @description As the provider wrote it. */
            title?: string;
            /** @description The day on which it starts, in local time. */
            start_date?: string;
            /** @description The time at which it starts, in local time. */
            start_time?: string | null;
            /** @description The day on which it ends, in local time. */
            end_date?: string | null;
            /** @description The time at which it ends, in local time. */
            end_time?: string | null;
            /** @description The lowest price of its zones; null if no zone counts. */
            min_price?: number | null;
            /** @description The highest price of its zones; null if no zone counts. */
            max_price?: number | null;
            /** @description When it starts, in UTC. */
            starts_at?: string;
            /** @description When it ends, in UTC. */
            ends_at?: string;
            /** @description The IANA time zone of its local times. */
            time_zone?: string;
            /** @description The provider that lists it. */
            provider?: string;
            /** @description The provider’s id of its base. */
            base_id?: string;
            /** @description The provider’s id of its plan. */
            plan_id?: string;
            /**
             * @description What its feed says now.
             * @enum {string}
             */
            sell_mode?: "online" | "offline";
            /** @description When its sale begins, in local time. */
            sell_from?: string | null;
            /** @description When its sale ends, in local time. */
            sell_to?: string | null;
            /** @description Null when its feed does not say. */
            sold_out?: boolean | null;
            /** @description The places in all zones that give theirs; null when none does. */
            capacity?: number | null;
            /** @description False once a complete feed no longer has it. */
            listed?: boolean;
            /** @description Whether it takes place as planned, as its feed says now. `postponed`: a new date is not known; `rescheduled`: its times are the new ones. Null when its feed gives a status that cannot be read. */
            status?: ("scheduled" | "cancelled" | "postponed" | "rescheduled") | null;
        };
        PageByNumber: {
            /** @description In the order of `sort_by`; may be empty. */
            events: components["schemas"]["EventDetails"][];
            /** @description Its number, from 1. */
            page: number;
            /** @description The most events on it. */
            page_size: number;
            /** @description Events on all pages. */
            total_rows: number;
            /** @description Pages. */
            total_pages: number;
        };
        EventCounts: {
            data: components["schemas"]["Histogram"];
            error: null;
        };
        Histogram: {
            /**
             * @description The length of a bucket.
             * @enum {string}
             */
            interval: "hour" | "day" | "week" | "month";
            /** @description Where the buckets begin: `tz`. */
            time_zone: string;
            /** @description Events in all buckets. */
            total_rows: number;
            /** @description From that of the first event to that of the last, in the order of time. */
            buckets: {
                /** @description The local time at which it begins, with its offset. */
                starts_at: string;
                /** @description Events that start in it. */
                events: number;
            }[];
        };
        LookupAnswer: {
            data: components["schemas"]["LookedUp"];
            error: null;
        };
        LookedUp: {
            /** @description Those that are known, in the order of their ids in the request. */
            events: components["schemas"]["SingleEvent"][];
            /** @description The ids that no event has, in the same order. */
            unknown: string[];
        };
        /**
         * @description All of an event: the fields that `fields` names, or all.
         * @example {
         *       "id": "8b6d3a0e-6d53-5a3e-9d1c-0a8f2f6f3a11",
         *       "title": "The Night Tram",
         *       "start_date": "2021-02-10",
         *       "start_time": "20:00:00",
         *       "end_date": "2021-02-10",
         *       "end_time": "21:30:00",
         *       "min_price": 55,
         *       "max_price": 55,
         *       "starts_at": "2021-02-10T19:00:00Z",
         *       "ends_at": "2021-02-10T20:30:00Z",
         *       "time_zone": "Europe/Madrid",
         *       "provider": "fever",
         *       "base_id": "291",
         *       "plan_id": "1642",
         *       "sell_mode": "online",
         *       "sell_from": "2021-01-01T00:00:00",
         *       "sell_to": null,
         *       "sold_out": false,
         *       "capacity": 240,
         *       "listed": true,
         *       "status": "scheduled",
         *       "zones": [
         *         {
         *           "id": "40",
         *           "name": "Platea",
         *           "price": 55,
         *           "capacity": 240,
         *           "numbered": true
         *         }
         *       ],
         *       "first_seen_at": "2021-01-01T10:00:00.000Z",
         *       "last_seen_at": null,
         *       "last_online_at": null
         *     }
         */
        SingleEvent: {
            /**
             * Format: uuid
             * @description Identifies the event, permanently for its provider, base and plan.
             */
            id?: string;
            /** @description As the provider wrote it. */
            title?: string;
            /** @description The day on which it starts, in local time. */
            start_date?: string;
            /** @description The time at which it starts, in local time. */
            start_time?: string | null;
            /** @description The day on which it ends, in local time. */
            end_date?: string | null;
            /** @description The time at which it ends, in local time. */
            end_time?: string | null;
            /** @description The lowest price of its zones; null if no zone counts. */
            min_price?: number | null;
            /** @description The highest price of its zones; null if no zone counts. */
            max_price?: number | null;
            /** @description When it starts, in UTC. */
            starts_at?: string;
            /** @description When it ends, in UTC. */
            ends_at?: string;
            /** @description The IANA time zone of its local times. */
            time_zone?: string;
            /** @description The provider that lists it. */
            provider?: string;
            /** @description The provider’s id of its base. */
            base_id?: string;
            /** @description The provider’s id of its plan. */
            plan_id?: string;
            /**
             * @description What its feed says now.
             * @enum {string}
             */
            sell_mode?: "online" | "offline";
            /** @description When its sale begins, in local time. */
            sell_from?: string | null;
            /** @description When its sale ends, in local time. */
            sell_to?: string | null;
            /** @description Null when its feed does not say. */
            sold_out?: boolean | null;
            /** @description The places in all zones that give theirs; null when none does. */
            capacity?: number | null;
            /** @description False once a complete feed no longer has it. */
            listed?: boolean;
            /** @description Whether it takes place as planned, as its feed says now. `postponed`: a new date is not known; `rescheduled`: its times are the new ones. Null when its feed gives a status that cannot be read. */
            status?: ("scheduled" | "cancelled" | "postponed" | "rescheduled") | null;
            /** @description As its feed says now; null when that is not known. */
            zones?: components["schemas"]["Zone"][] | null;
            /** @description When the feed run began that first had it. */
            first_seen_at?: string;
            last_seen_at?: string | null;
            last_online_at?: string | null;
        };
        /** @description Fields are null where the feed does not say. */
        Zone: {
            /** @description The provider’s id of the zone. */
            id: string | null;
            /** @description As the provider wrote it. */
            name: string | null;
            /** @description The price of a place. */
            price: number;
            /** @description Its places. */
            capacity: number | null;
            /** @description Whether its places are numbered. */
            numbered: boolean | null;
        };
        EventAnswer: {
            data: components["schemas"]["OneEvent"];
            error: null;
        };
        OneEvent: {
            event: components["schemas"]["SingleEvent"];
        };
        /** @description An Event of schema.org. What is not known is absent. */
        EventAsJsonLd: {
            /** @constant */
            "@context": "https://schema.org";
            /** @constant */
            "@type": "Event";
        } & {
            [key: string]: unknown;
        };
        HistoryAnswer: {
            data: components["schemas"]["EventHistory"];
            error: null;
        };
        EventHistory: {
            /**
             * Format: uuid
             * @description The id of the event.
             */
            id: string;
            /** @description The newest first. */
            changes: components["schemas"]["EventChange"][];
            /** @description The `cursor` of the next page, with older changes; null on the last page. */
            next_cursor: string | null;
        };
        /**
         * @example {
         *       "at": "2021-01-02T10:00:00.000Z",
         *       "run": 1441,
         *       "kind": "changed",
         *       "before": {
         *         "title": "The Night Tram",
         *         "sold_out": false
         *       },
         *       "after": {
         *         "title": "The Last Night Tram",
         *         "sold_out": true
         *       }
         *     }
         */
        EventChange: {
            /** @description When the feed run began that found the change. */
            at: string;
            /** @description The number of that run. */
            run: number;
            /**
             * @description `relisted`: the feed has it again, as it was; `withdrawn`: a complete feed no longer has it.
             * @enum {string}
             */
            kind: "added" | "changed" | "relisted" | "withdrawn";
            /** @description Null when the event was new. */
            before: components["schemas"]["EventState"] | null;
            after: components["schemas"]["EventState"];
        };
        /** @description What the feed said: the fields that changed, or all of a new event. */
        EventState: {
            /** @description As the provider wrote it. */
            title?: string;
            /** @description The day on which it starts, in local time. */
            start_date?: string;
            /** @description The time at which it starts, in local time. */
            start_time?: string | null;
            /** @description The day on which it ends, in local time. */
            end_date?: string | null;
            /** @description The time at which it ends, in local time. */
            end_time?: string | null;
            /** @description The lowest price of its zones; null if no zone counts. */
            min_price?: number | null;
            /** @description The highest price of its zones; null if no zone counts. */
            max_price?: number | null;
            /** @description When it starts, in UTC. */
            starts_at?: string;
            /** @description When it ends, in UTC. */
            ends_at?: string;
            /**
             * @description What its feed says now.
             * @enum {string}
             */
            sell_mode?: "online" | "offline";
            /** @description When its sale begins, in local time. */
            sell_from?: string | null;
            /** @description When its sale ends, in local time. */
            sell_to?: string | null;
            /** @description Null when its feed does not say. */
            sold_out?: boolean | null;
            /** @description The places in all zones that give theirs; null when none does. */
            capacity?: number | null;
            /** @description False once a complete feed no longer has it. */
            listed?: boolean;
            /** @description Whether it takes place as planned, as its feed says now. `postponed`: a new date is not known; `rescheduled`: its times are the new ones. Null when its feed gives a status that cannot be read. */
            status?: ("scheduled" | "cancelled" | "postponed" | "rescheduled") | null;
            /** @description As its feed says now; null when that is not known. */
            zones?: components["schemas"]["Zone"][] | null;
        };
        Changes: {
            data: components["schemas"]["ChangesPage"];
            error: null;
        };
        ChangesPage: {
            /** @description One per event; may be empty. */
            changes: components["schemas"]["Change"][];
            /** @description The `since` of the next request. */
            token: string;
            /** @description How long the token is valid at least, as long as the catalogue changes as it does now; null when without limit. */
            token_seconds: number | null;
            /** @description Whether more changes are known already. If so, ask at once. */
            has_more: boolean;
        };
        Change: {
            /**
             * @description What happened, the first that applies: `new` in the catalogue; `removed` from it; `withdrawn` by its feed, or `back` in it; `offline` or `online` by its sell mode; `changed` otherwise.
             * @enum {string}
             */
            change: "new" | "removed" | "withdrawn" | "back" | "offline" | "online" | "changed";
            /**
             * Format: uuid
             * @description The event.
             */
            id: string;
            /** @description Its latest state; null when it was removed. */
            event: components["schemas"]["EventDetails"] | null;
        };
        RpdePage: {
            /** @description The absolute URL of the next page; of the last page, its own URL. */
            next: string;
            /** @description By `modified`; each event once, at its latest change. */
            items: components["schemas"]["RpdeItem"][];
            /** @description The licence of the data: `RPDE_LICENSE`. */
            license?: string;
        };
        RpdeItem: {
            /** @constant */
            state: "updated";
            /** @constant */
            kind: "Event";
            /**
             * Format: uuid
             * @description The event.
             */
            id: string;
            /** @description The number of its latest change. */
            modified: number;
            /** @description An Event of schema.org as JSON-LD, with times in UTC. */
            data: {
                [key: string]: unknown;
            };
        } | {
            /** @constant */
            state: "deleted";
            /** @constant */
            kind: "Event";
            /**
             * Format: uuid
             * @description The event.
             */
            id: string;
            /** @description The number of its latest change. */
            modified: number;
        };
        Contract: {
            openapi: string;
            info: {
                [key: string]: unknown;
            };
            paths: {
                [key: string]: unknown;
            };
        } & {
            [key: string]: unknown;
        };
    };
    responses: {
        /** @description `instant_unreadable`: a bound has none of the forms of an instant, or is empty. `date_impossible`: a date is not in the calendar, such as 31 September. `time_impossible`: a time or an offset does not exist: 24:00:00, second 60 elsewhere than in a leap second, an offset of 24:00. `parameter_repeated`: a parameter is given twice. `parameter_unknown`: a parameter is not known; in /search only if SEARCH_STRICT is true and its name resembles a known one. `range_reversed`: starts_at lies after ends_at, or min_price above max_price. `escape_invalid`: the percent-escapes of a parameter are not valid UTF-8. `bad_request`: the request is not valid HTTP/1.x, or has no Host or two. `body_unexpected`: the request has a body, and its method takes none. */
        Error400: {
            headers: {
                "Marquee-Ignored-Parameters": components["headers"]["Marquee-Ignored-Parameters"];
                "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                "Strict-Transport-Security": components["headers"]["Strict-Transport-Security"];
                "X-Request-Id": components["headers"]["X-Request-Id"];
                Vary: components["headers"]["Vary"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                RateLimit: components["headers"]["RateLimit"];
                "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"];
            };
        };
        /** @description `credential_missing`: the operation needs a credential, and the request has none. `credential_invalid`: the credential is unknown, expired, revoked, damaged or not for this service, or comes twice. */
        Error401: {
            headers: {
                "WWW-Authenticate": components["headers"]["WWW-Authenticate"];
                "Marquee-Ignored-Parameters": components["headers"]["Marquee-Ignored-Parameters"];
                "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                "Strict-Transport-Security": components["headers"]["Strict-Transport-Security"];
                "X-Request-Id": components["headers"]["X-Request-Id"];
                Vary: components["headers"]["Vary"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                RateLimit: components["headers"]["RateLimit"];
                "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"];
            };
        };
        /** @description `scope_missing`: the credential does not allow the operation. */
        Error403: {
            headers: {
                "WWW-Authenticate": components["headers"]["WWW-Authenticate"];
                "Marquee-Ignored-Parameters": components["headers"]["Marquee-Ignored-Parameters"];
                "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                "Strict-Transport-Security": components["headers"]["Strict-Transport-Security"];
                "X-Request-Id": components["headers"]["X-Request-Id"];
                Vary: components["headers"]["Vary"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                RateLimit: components["headers"]["RateLimit"];
                "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"];
            };
        };
        /** @description `method_not_allowed`: the method is one that this path does not have. */
        Error405: {
            headers: {
                Allow: components["headers"]["Allow"];
                "Marquee-Ignored-Parameters": components["headers"]["Marquee-Ignored-Parameters"];
                "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                "Strict-Transport-Security": components["headers"]["Strict-Transport-Security"];
                "X-Request-Id": components["headers"]["X-Request-Id"];
                Vary: components["headers"]["Vary"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                RateLimit: components["headers"]["RateLimit"];
                "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"];
            };
        };
        /** @description `request_timeout`: the request did not arrive in time: 10 s for its headers, 15 s for all of it. */
        Error408: {
            headers: {
                "Marquee-Ignored-Parameters": components["headers"]["Marquee-Ignored-Parameters"];
                "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                "Strict-Transport-Security": components["headers"]["Strict-Transport-Security"];
                "X-Request-Id": components["headers"]["X-Request-Id"];
                Vary: components["headers"]["Vary"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                RateLimit: components["headers"]["RateLimit"];
                "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"];
            };
        };
        /** @description `precondition_failed`: If-Match does not name the ETag of the answer. */
        Error412: {
            headers: {
                ETag: components["headers"]["ETag"];
                "Marquee-Ignored-Parameters": components["headers"]["Marquee-Ignored-Parameters"];
                "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                "Strict-Transport-Security": components["headers"]["Strict-Transport-Security"];
                "X-Request-Id": components["headers"]["X-Request-Id"];
                Vary: components["headers"]["Vary"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                RateLimit: components["headers"]["RateLimit"];
                "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"];
            };
        };
        /** @description `uri_too_long`: the URL has more than 2048 characters. */
        Error414: {
            headers: {
                "Marquee-Ignored-Parameters": components["headers"]["Marquee-Ignored-Parameters"];
                "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                "Strict-Transport-Security": components["headers"]["Strict-Transport-Security"];
                "X-Request-Id": components["headers"]["X-Request-Id"];
                Vary: components["headers"]["Vary"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                RateLimit: components["headers"]["RateLimit"];
                "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"];
            };
        };
        /** @description `expectation_failed`: Expect asks for something other than 100-continue. */
        Error417: {
            headers: {
                "Marquee-Ignored-Parameters": components["headers"]["Marquee-Ignored-Parameters"];
                "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                "Strict-Transport-Security": components["headers"]["Strict-Transport-Security"];
                "X-Request-Id": components["headers"]["X-Request-Id"];
                Vary: components["headers"]["Vary"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                RateLimit: components["headers"]["RateLimit"];
                "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"];
            };
        };
        /** @description `rate_limited`: the client has used its limit: `RateLimit` and `Retry-After` say when it may go on. */
        Error429: {
            headers: {
                "Retry-After": components["headers"]["Retry-After"];
                "Marquee-Ignored-Parameters": components["headers"]["Marquee-Ignored-Parameters"];
                "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                "Strict-Transport-Security": components["headers"]["Strict-Transport-Security"];
                "X-Request-Id": components["headers"]["X-Request-Id"];
                Vary: components["headers"]["Vary"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                RateLimit: components["headers"]["RateLimit"];
                "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"];
            };
        };
        /** @description `headers_too_large`: the headers have more than 16 KB. */
        Error431: {
            headers: {
                "Marquee-Ignored-Parameters": components["headers"]["Marquee-Ignored-Parameters"];
                "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                "Strict-Transport-Security": components["headers"]["Strict-Transport-Security"];
                "X-Request-Id": components["headers"]["X-Request-Id"];
                Vary: components["headers"]["Vary"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                RateLimit: components["headers"]["RateLimit"];
                "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"];
            };
        };
        /** @description `internal`: Marquee has a fault. */
        Error500: {
            headers: {
                "Marquee-Ignored-Parameters": components["headers"]["Marquee-Ignored-Parameters"];
                "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                "Strict-Transport-Security": components["headers"]["Strict-Transport-Security"];
                "X-Request-Id": components["headers"]["X-Request-Id"];
                Vary: components["headers"]["Vary"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                RateLimit: components["headers"]["RateLimit"];
                "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"];
            };
        };
        /** @description `method_unknown`: the method is not a method of HTTP, or is CONNECT. */
        Error501: {
            headers: {
                "Marquee-Ignored-Parameters": components["headers"]["Marquee-Ignored-Parameters"];
                "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                "Strict-Transport-Security": components["headers"]["Strict-Transport-Security"];
                "X-Request-Id": components["headers"]["X-Request-Id"];
                Vary: components["headers"]["Vary"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                RateLimit: components["headers"]["RateLimit"];
                "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"];
            };
        };
        /** @description `credential_unverifiable`: the keys of the issuer of a token could not be read since the start. `busy`: the worker is overloaded, and this connection has used its share. */
        Error503: {
            headers: {
                "Retry-After": components["headers"]["Retry-After"];
                "Marquee-Ignored-Parameters": components["headers"]["Marquee-Ignored-Parameters"];
                "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                "Strict-Transport-Security": components["headers"]["Strict-Transport-Security"];
                "X-Request-Id": components["headers"]["X-Request-Id"];
                Vary: components["headers"]["Vary"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                RateLimit: components["headers"]["RateLimit"];
                "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"];
            };
        };
        /** @description `http_version_unsupported`: the request is not HTTP/1.0 or HTTP/1.1. */
        Error505: {
            headers: {
                "Marquee-Ignored-Parameters": components["headers"]["Marquee-Ignored-Parameters"];
                "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                "Strict-Transport-Security": components["headers"]["Strict-Transport-Security"];
                "X-Request-Id": components["headers"]["X-Request-Id"];
                Vary: components["headers"]["Vary"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                RateLimit: components["headers"]["RateLimit"];
                "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"];
            };
        };
        /** @description Any other error. */
        OtherError: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "data": null,
                 *       "error": {
                 *         "code": "internal",
                 *         "message": "The search failed."
                 *       }
                 *     }
                 */
                "application/json": components["schemas"]["Error"];
            };
        };
        /** @description `instant_unreadable`: a bound has none of the forms of an instant, or is empty. `date_impossible`: a date is not in the calendar, such as 31 September. `time_impossible`: a time or an offset does not exist: 24:00:00, second 60 elsewhere than in a leap second, an offset of 24:00. `parameter_repeated`: a parameter is given twice. `parameter_unknown`: a parameter is not known; in /search only if SEARCH_STRICT is true and its name resembles a known one. `parameter_invalid`: a value is none of those that the parameter takes. `range_reversed`: starts_at lies after ends_at, or min_price above max_price. `bound_missing`: match=contains comes without both bounds. `escape_invalid`: the percent-escapes of a parameter are not valid UTF-8. `field_unknown`: fields names something else than a field. `paging_mixed`: both kinds of paging come at once, or paging of lines or of the live form. `page_too_deep`: a page by number ends beyond row 10,000 in another order than by start. `cursor_invalid`: the cursor is damaged. `cursor_mismatch`: the cursor comes from a query with other filters or another order. `bad_request`: the request is not valid HTTP/1.x, or has no Host or two. `body_unexpected`: the request has a body, and its method takes none. */
        "Error400-2": {
            headers: {
                "Marquee-Ignored-Parameters": components["headers"]["Marquee-Ignored-Parameters"];
                "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                "Strict-Transport-Security": components["headers"]["Strict-Transport-Security"];
                "X-Request-Id": components["headers"]["X-Request-Id"];
                Vary: components["headers"]["Vary"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                RateLimit: components["headers"]["RateLimit"];
                "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"];
            };
        };
        /** @description `cursor_expired`: the version of the catalogue that the cursor continues is no longer kept, or the cursor is of an earlier release. */
        Error410: {
            headers: {
                "Marquee-Ignored-Parameters": components["headers"]["Marquee-Ignored-Parameters"];
                "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                "Strict-Transport-Security": components["headers"]["Strict-Transport-Security"];
                "X-Request-Id": components["headers"]["X-Request-Id"];
                Vary: components["headers"]["Vary"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                RateLimit: components["headers"]["RateLimit"];
                "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"];
            };
        };
        /** @description `details_unavailable`: the catalogue was published by an earlier version of Marquee, and is not published again yet: seconds. `version_unavailable`: the snapshot store, which may have the version of the cursor, the change token or as_of, or the archive, which has the changes since, does not answer. `credential_unverifiable`: the keys of the issuer of a token could not be read since the start. `busy`: the worker is overloaded, and this connection has used its share. */
        "Error503-2": {
            headers: {
                "Retry-After": components["headers"]["Retry-After"];
                "Marquee-Ignored-Parameters": components["headers"]["Marquee-Ignored-Parameters"];
                "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                "Strict-Transport-Security": components["headers"]["Strict-Transport-Security"];
                "X-Request-Id": components["headers"]["X-Request-Id"];
                Vary: components["headers"]["Vary"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                RateLimit: components["headers"]["RateLimit"];
                "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"];
            };
        };
        /** @description `instant_unreadable`: a bound has none of the forms of an instant, or is empty. `date_impossible`: a date is not in the calendar, such as 31 September. `time_impossible`: a time or an offset does not exist: 24:00:00, second 60 elsewhere than in a leap second, an offset of 24:00. `parameter_repeated`: a parameter is given twice. `parameter_unknown`: a parameter is not known; in /search only if SEARCH_STRICT is true and its name resembles a known one. `parameter_invalid`: a value is none of those that the parameter takes. `range_reversed`: starts_at lies after ends_at, or min_price above max_price. `bound_missing`: match=contains comes without both bounds. `escape_invalid`: the percent-escapes of a parameter are not valid UTF-8. `paging_mixed`: both kinds of paging come at once, or paging of lines or of the live form. `bad_request`: the request is not valid HTTP/1.x, or has no Host or two. `body_unexpected`: the request has a body, and its method takes none. */
        "Error400-3": {
            headers: {
                "Marquee-Ignored-Parameters": components["headers"]["Marquee-Ignored-Parameters"];
                "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                "Strict-Transport-Security": components["headers"]["Strict-Transport-Security"];
                "X-Request-Id": components["headers"]["X-Request-Id"];
                Vary: components["headers"]["Vary"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                RateLimit: components["headers"]["RateLimit"];
                "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"];
            };
        };
        /** @description `details_unavailable`: the catalogue was published by an earlier version of Marquee, and is not published again yet: seconds. `credential_unverifiable`: the keys of the issuer of a token could not be read since the start. `busy`: the worker is overloaded, and this connection has used its share. */
        "Error503-3": {
            headers: {
                "Retry-After": components["headers"]["Retry-After"];
                "Marquee-Ignored-Parameters": components["headers"]["Marquee-Ignored-Parameters"];
                "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                "Strict-Transport-Security": components["headers"]["Strict-Transport-Security"];
                "X-Request-Id": components["headers"]["X-Request-Id"];
                Vary: components["headers"]["Vary"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                RateLimit: components["headers"]["RateLimit"];
                "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"];
            };
        };
        /** @description `instant_unreadable`: a bound has none of the forms of an instant, or is empty. `date_impossible`: a date is not in the calendar, such as 31 September. `time_impossible`: a time or an offset does not exist: 24:00:00, second 60 elsewhere than in a leap second, an offset of 24:00. `parameter_repeated`: a parameter is given twice. `parameter_unknown`: a parameter is not known; in /search only if SEARCH_STRICT is true and its name resembles a known one. `parameter_invalid`: a value is none of those that the parameter takes. `range_reversed`: starts_at lies after ends_at, or min_price above max_price. `bound_missing`: match=contains comes without both bounds. `escape_invalid`: the percent-escapes of a parameter are not valid UTF-8. `too_many_buckets`: a histogram has more than 2000 buckets. `bad_request`: the request is not valid HTTP/1.x, or has no Host or two. `body_unexpected`: the request has a body, and its method takes none. */
        "Error400-4": {
            headers: {
                "Marquee-Ignored-Parameters": components["headers"]["Marquee-Ignored-Parameters"];
                "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                "Strict-Transport-Security": components["headers"]["Strict-Transport-Security"];
                "X-Request-Id": components["headers"]["X-Request-Id"];
                Vary: components["headers"]["Vary"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                RateLimit: components["headers"]["RateLimit"];
                "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"];
            };
        };
        /** @description `id_invalid`: the id of an event is not a UUID. `body_invalid`: the body is not JSON, or not of the form that is expected. `field_unknown`: fields names something else than a field. `parameter_repeated`: a parameter is given twice. `parameter_unknown`: a parameter is not known; in /search only if SEARCH_STRICT is true and its name resembles a known one. `parameter_invalid`: a value is none of those that the parameter takes. `escape_invalid`: the percent-escapes of a parameter are not valid UTF-8. `bad_request`: the request is not valid HTTP/1.x, or has no Host or two. `body_unexpected`: the request has a body, and its method takes none. */
        "Error400-5": {
            headers: {
                "Marquee-Ignored-Parameters": components["headers"]["Marquee-Ignored-Parameters"];
                "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                "Strict-Transport-Security": components["headers"]["Strict-Transport-Security"];
                "X-Request-Id": components["headers"]["X-Request-Id"];
                Vary: components["headers"]["Vary"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                RateLimit: components["headers"]["RateLimit"];
                "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"];
            };
        };
        /** @description `body_too_large`: the body has more than 65,536 bytes. */
        Error413: {
            headers: {
                "Marquee-Ignored-Parameters": components["headers"]["Marquee-Ignored-Parameters"];
                "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                "Strict-Transport-Security": components["headers"]["Strict-Transport-Security"];
                "X-Request-Id": components["headers"]["X-Request-Id"];
                Vary: components["headers"]["Vary"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                RateLimit: components["headers"]["RateLimit"];
                "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"];
            };
        };
        /** @description `media_type_unsupported`: the body is not application/json, or is compressed. */
        Error415: {
            headers: {
                "Marquee-Ignored-Parameters": components["headers"]["Marquee-Ignored-Parameters"];
                "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                "Strict-Transport-Security": components["headers"]["Strict-Transport-Security"];
                "X-Request-Id": components["headers"]["X-Request-Id"];
                Vary: components["headers"]["Vary"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                RateLimit: components["headers"]["RateLimit"];
                "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"];
            };
        };
        /** @description `details_unavailable`: the catalogue was published by an earlier version of Marquee, and is not published again yet: seconds. `zones_unavailable`: zones and instants of sight cannot be read: the snapshot store does not answer, or a first load still runs. `credential_unverifiable`: the keys of the issuer of a token could not be read since the start. `busy`: the worker is overloaded, and this connection has used its share. */
        "Error503-4": {
            headers: {
                "Retry-After": components["headers"]["Retry-After"];
                "Marquee-Ignored-Parameters": components["headers"]["Marquee-Ignored-Parameters"];
                "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                "Strict-Transport-Security": components["headers"]["Strict-Transport-Security"];
                "X-Request-Id": components["headers"]["X-Request-Id"];
                Vary: components["headers"]["Vary"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                RateLimit: components["headers"]["RateLimit"];
                "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"];
            };
        };
        /** @description `id_invalid`: the id of an event is not a UUID. `instant_unreadable`: a bound has none of the forms of an instant, or is empty. `date_impossible`: a date is not in the calendar, such as 31 September. `time_impossible`: a time or an offset does not exist: 24:00:00, second 60 elsewhere than in a leap second, an offset of 24:00. `as_of_future`: as_of is a version that is not published yet, or an instant in the future. `parameter_repeated`: a parameter is given twice. `parameter_unknown`: a parameter is not known; in /search only if SEARCH_STRICT is true and its name resembles a known one. `parameter_invalid`: a value is none of those that the parameter takes. `escape_invalid`: the percent-escapes of a parameter are not valid UTF-8. `field_unknown`: fields names something else than a field. `bad_request`: the request is not valid HTTP/1.x, or has no Host or two. `body_unexpected`: the request has a body, and its method takes none. */
        "Error400-6": {
            headers: {
                "Marquee-Ignored-Parameters": components["headers"]["Marquee-Ignored-Parameters"];
                "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                "Strict-Transport-Security": components["headers"]["Strict-Transport-Security"];
                "X-Request-Id": components["headers"]["X-Request-Id"];
                Vary: components["headers"]["Vary"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                RateLimit: components["headers"]["RateLimit"];
                "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"];
            };
        };
        /** @description `event_unknown`: no event has this id. */
        Error404: {
            headers: {
                "Marquee-Ignored-Parameters": components["headers"]["Marquee-Ignored-Parameters"];
                "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                "Strict-Transport-Security": components["headers"]["Strict-Transport-Security"];
                "X-Request-Id": components["headers"]["X-Request-Id"];
                Vary: components["headers"]["Vary"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                RateLimit: components["headers"]["RateLimit"];
                "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"];
            };
        };
        /** @description `version_expired`: the version of as_of is no longer kept. */
        "Error410-2": {
            headers: {
                "Marquee-Ignored-Parameters": components["headers"]["Marquee-Ignored-Parameters"];
                "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                "Strict-Transport-Security": components["headers"]["Strict-Transport-Security"];
                "X-Request-Id": components["headers"]["X-Request-Id"];
                Vary: components["headers"]["Vary"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                RateLimit: components["headers"]["RateLimit"];
                "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"];
            };
        };
        /** @description `archive_unavailable`: the archive, which has the history of events, cannot be read on this host at present. `zones_unavailable`: zones and instants of sight cannot be read: the snapshot store does not answer, or a first load still runs. `details_unavailable`: the catalogue was published by an earlier version of Marquee, and is not published again yet: seconds. `version_unavailable`: the snapshot store, which may have the version of the cursor, the change token or as_of, or the archive, which has the changes since, does not answer. `credential_unverifiable`: the keys of the issuer of a token could not be read since the start. `busy`: the worker is overloaded, and this connection has used its share. */
        "Error503-5": {
            headers: {
                "Retry-After": components["headers"]["Retry-After"];
                "Marquee-Ignored-Parameters": components["headers"]["Marquee-Ignored-Parameters"];
                "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                "Strict-Transport-Security": components["headers"]["Strict-Transport-Security"];
                "X-Request-Id": components["headers"]["X-Request-Id"];
                Vary: components["headers"]["Vary"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                RateLimit: components["headers"]["RateLimit"];
                "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"];
            };
        };
        /** @description `id_invalid`: the id of an event is not a UUID. `parameter_repeated`: a parameter is given twice. `parameter_unknown`: a parameter is not known; in /search only if SEARCH_STRICT is true and its name resembles a known one. `parameter_invalid`: a value is none of those that the parameter takes. `escape_invalid`: the percent-escapes of a parameter are not valid UTF-8. `bad_request`: the request is not valid HTTP/1.x, or has no Host or two. `body_unexpected`: the request has a body, and its method takes none. */
        "Error400-7": {
            headers: {
                "Marquee-Ignored-Parameters": components["headers"]["Marquee-Ignored-Parameters"];
                "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                "Strict-Transport-Security": components["headers"]["Strict-Transport-Security"];
                "X-Request-Id": components["headers"]["X-Request-Id"];
                Vary: components["headers"]["Vary"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                RateLimit: components["headers"]["RateLimit"];
                "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"];
            };
        };
        /** @description `id_invalid`: the id of an event is not a UUID. `instant_unreadable`: a bound has none of the forms of an instant, or is empty. `date_impossible`: a date is not in the calendar, such as 31 September. `time_impossible`: a time or an offset does not exist: 24:00:00, second 60 elsewhere than in a leap second, an offset of 24:00. `as_of_future`: as_of is a version that is not published yet, or an instant in the future. `parameter_repeated`: a parameter is given twice. `parameter_unknown`: a parameter is not known; in /search only if SEARCH_STRICT is true and its name resembles a known one. `parameter_invalid`: a value is none of those that the parameter takes. `escape_invalid`: the percent-escapes of a parameter are not valid UTF-8. `bad_request`: the request is not valid HTTP/1.x, or has no Host or two. `body_unexpected`: the request has a body, and its method takes none. */
        "Error400-8": {
            headers: {
                "Marquee-Ignored-Parameters": components["headers"]["Marquee-Ignored-Parameters"];
                "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                "Strict-Transport-Security": components["headers"]["Strict-Transport-Security"];
                "X-Request-Id": components["headers"]["X-Request-Id"];
                Vary: components["headers"]["Vary"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                RateLimit: components["headers"]["RateLimit"];
                "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"];
            };
        };
        /** @description `archive_unavailable`: the archive, which has the history of events, cannot be read on this host at present. `credential_unverifiable`: the keys of the issuer of a token could not be read since the start. `busy`: the worker is overloaded, and this connection has used its share. */
        "Error503-6": {
            headers: {
                "Retry-After": components["headers"]["Retry-After"];
                "Marquee-Ignored-Parameters": components["headers"]["Marquee-Ignored-Parameters"];
                "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                "Strict-Transport-Security": components["headers"]["Strict-Transport-Security"];
                "X-Request-Id": components["headers"]["X-Request-Id"];
                Vary: components["headers"]["Vary"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                RateLimit: components["headers"]["RateLimit"];
                "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"];
            };
        };
        /** @description `parameter_repeated`: a parameter is given twice. `parameter_unknown`: a parameter is not known; in /search only if SEARCH_STRICT is true and its name resembles a known one. `parameter_invalid`: a value is none of those that the parameter takes. `escape_invalid`: the percent-escapes of a parameter are not valid UTF-8. `paging_mixed`: both kinds of paging come at once, or paging of lines or of the live form. `token_invalid`: since is neither a change token nor the word now. `token_mismatch`: the change token comes from a request with another provider. `bad_request`: the request is not valid HTTP/1.x, or has no Host or two. `body_unexpected`: the request has a body, and its method takes none. */
        "Error400-9": {
            headers: {
                "Marquee-Ignored-Parameters": components["headers"]["Marquee-Ignored-Parameters"];
                "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                "Strict-Transport-Security": components["headers"]["Strict-Transport-Security"];
                "X-Request-Id": components["headers"]["X-Request-Id"];
                Vary: components["headers"]["Vary"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                RateLimit: components["headers"]["RateLimit"];
                "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"];
            };
        };
        /** @description `resync_required`: the changes since the token are no longer known on this host, or it is of another catalogue. */
        "Error410-3": {
            headers: {
                "Marquee-Ignored-Parameters": components["headers"]["Marquee-Ignored-Parameters"];
                "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                "Strict-Transport-Security": components["headers"]["Strict-Transport-Security"];
                "X-Request-Id": components["headers"]["X-Request-Id"];
                Vary: components["headers"]["Vary"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                RateLimit: components["headers"]["RateLimit"];
                "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"];
            };
        };
        /** @description `details_unavailable`: the catalogue was published by an earlier version of Marquee, and is not published again yet: seconds. `version_unavailable`: the snapshot store, which may have the version of the cursor, the change token or as_of, or the archive, which has the changes since, does not answer. `too_many_listeners`: the worker has `LISTENERS_MAX` live listeners, or is about to stop. `credential_unverifiable`: the keys of the issuer of a token could not be read since the start. `busy`: the worker is overloaded, and this connection has used its share. */
        "Error503-7": {
            headers: {
                "Retry-After": components["headers"]["Retry-After"];
                "Marquee-Ignored-Parameters": components["headers"]["Marquee-Ignored-Parameters"];
                "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                "Strict-Transport-Security": components["headers"]["Strict-Transport-Security"];
                "X-Request-Id": components["headers"]["X-Request-Id"];
                Vary: components["headers"]["Vary"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                RateLimit: components["headers"]["RateLimit"];
                "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"];
            };
        };
        /** @description `parameter_repeated`: a parameter is given twice. `parameter_unknown`: a parameter is not known; in /search only if SEARCH_STRICT is true and its name resembles a known one. `parameter_invalid`: a value is none of those that the parameter takes. `escape_invalid`: the percent-escapes of a parameter are not valid UTF-8. `bad_request`: the request is not valid HTTP/1.x, or has no Host or two. `body_unexpected`: the request has a body, and its method takes none. */
        "Error400-10": {
            headers: {
                "Marquee-Ignored-Parameters": components["headers"]["Marquee-Ignored-Parameters"];
                "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                "Strict-Transport-Security": components["headers"]["Strict-Transport-Security"];
                "X-Request-Id": components["headers"]["X-Request-Id"];
                Vary: components["headers"]["Vary"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                RateLimit: components["headers"]["RateLimit"];
                "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"];
            };
        };
        /** @description `details_unavailable`: the catalogue was published by an earlier version of Marquee, and is not published again yet: seconds. `archive_unavailable`: the archive, which has the history of events, cannot be read on this host at present. `credential_unverifiable`: the keys of the issuer of a token could not be read since the start. `busy`: the worker is overloaded, and this connection has used its share. */
        "Error503-8": {
            headers: {
                "Retry-After": components["headers"]["Retry-After"];
                "Marquee-Ignored-Parameters": components["headers"]["Marquee-Ignored-Parameters"];
                "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                "Strict-Transport-Security": components["headers"]["Strict-Transport-Security"];
                "X-Request-Id": components["headers"]["X-Request-Id"];
                Vary: components["headers"]["Vary"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                RateLimit: components["headers"]["RateLimit"];
                "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"];
            };
        };
        /** @description `bad_request`: the request is not valid HTTP/1.x, or has no Host or two. `body_unexpected`: the request has a body, and its method takes none. */
        "Error400-11": {
            headers: {
                "Marquee-Ignored-Parameters": components["headers"]["Marquee-Ignored-Parameters"];
                "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                "Strict-Transport-Security": components["headers"]["Strict-Transport-Security"];
                "X-Request-Id": components["headers"]["X-Request-Id"];
                Vary: components["headers"]["Vary"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                RateLimit: components["headers"]["RateLimit"];
                "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"];
            };
        };
        /** @description `busy`: the worker is overloaded, and this connection has used its share. */
        "Error503-9": {
            headers: {
                "Retry-After": components["headers"]["Retry-After"];
                "Marquee-Ignored-Parameters": components["headers"]["Marquee-Ignored-Parameters"];
                "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                "Strict-Transport-Security": components["headers"]["Strict-Transport-Security"];
                "X-Request-Id": components["headers"]["X-Request-Id"];
                Vary: components["headers"]["Vary"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                RateLimit: components["headers"]["RateLimit"];
                "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"];
            };
        };
        /** @description `not_found`: nothing is at this path. */
        "Error404-2": {
            headers: {
                "Marquee-Ignored-Parameters": components["headers"]["Marquee-Ignored-Parameters"];
                "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                "Strict-Transport-Security": components["headers"]["Strict-Transport-Security"];
                "X-Request-Id": components["headers"]["X-Request-Id"];
                Vary: components["headers"]["Vary"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                RateLimit: components["headers"]["RateLimit"];
                "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"];
            };
        };
    };
    parameters: never;
    requestBodies: never;
    headers: {
        /** @description The tag of the body: send it back as `If-None-Match`. That of events is strong, the same on every worker and host, and depends on the selected events only; a gzipped answer has a tag of its own, which ends in `-gz`. */
        ETag: string;
        /** @description How caches may use the answer; set by `CACHE_CONTROL`. */
        "Cache-Control": string;
        /** @description How current the data is, as a dictionary of RFC 9651: the version of the catalogue that the answer is from, the seconds since the snapshot store last confirmed which version is the current one, whether that store is out of reach (`stale=?1`), and `pinned` while an operator pins the version. */
        "Marquee-Catalogue": string;
        /** @description Present when the answer is gzipped. */
        "Content-Encoding": string;
        /** @description The names of parameters that were ignored, as they were sent, separated by commas; `...` stands for what is left out. Absent when all are known. */
        "Marquee-Ignored-Parameters": string;
        /** @description The type is the one that `Content-Type` names; a browser must not guess another. */
        "X-Content-Type-Options": string;
        /** @description Present over TLS: a browser must not come without TLS. */
        "Strict-Transport-Security": string;
        /** @description The id of the request in the logs: the client’s own if it has at most 128 letters, digits and any of `_ . : / + = -`. */
        "X-Request-Id": string;
        /** @description The request headers that the answer depends on. With a list in `CORS_ORIGINS` it includes `Origin`. */
        Vary: string;
        /** @description Where clients are limited: tokens (`q`) per window of seconds (`w`). A request costs a token for each 16 KB of its answer that it begins. */
        "RateLimit-Policy": string;
        /** @description Where clients are limited: the tokens that are left (`r`), and the seconds until the window ends (`t`). */
        RateLimit: string;
        /** @description Present when `CORS_ORIGINS` allows the origin of the request. */
        "Access-Control-Allow-Origin": string;
        /** @description The headers that a page of another origin may read. */
        "Access-Control-Expose-Headers": string;
        /** @description How to authenticate, and what was wrong, by RFC 6750. */
        "WWW-Authenticate": string;
        /** @description The methods of the path. */
        Allow: string;
        /** @description Seconds to wait at least; add jitter. */
        "Retry-After": string;
        /** @description Other pages, as relative references of RFC 8288: `first`, `prev`, `next` and `last`, as far as there are any. */
        Link: string;
        /** @description The milliseconds that the query took when it was answered first. Repeated queries are answered from memory. */
        "Server-Timing": string;
        /** @description What the page may load and run: files of this origin, and no script in its own text. */
        "Content-Security-Policy": string;
        /** @description Links send no referrer. */
        "Referrer-Policy": string;
        /** @description Pages of other origins cannot embed it. */
        "Cross-Origin-Resource-Policy": string;
        /** @description When the file changed. */
        "Last-Modified": string;
    };
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    searchEvents: {
        parameters: {
            query?: {
                /** @description Only events that start at this instant or later. Forms: `2021-07-21T17:32:28Z`, `2021-07-21T19:32:28+02:00`, `2021-07-21T17:32:28` or `2021-07-21 17:32:28` (both UTC), `2021-07-21T17:32:28.123456789Z`, `2021-07-21` (the whole day in UTC). Up to nine decimals are compared exactly. */
                starts_at?: string;
                /** @description Only events that end at this instant or earlier. The same forms. */
                ends_at?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The events; the list may be empty. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "Marquee-Catalogue": components["headers"]["Marquee-Catalogue"];
                    "Content-Encoding": components["headers"]["Content-Encoding"];
                    "Marquee-Ignored-Parameters": components["headers"]["Marquee-Ignored-Parameters"];
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Strict-Transport-Security": components["headers"]["Strict-Transport-Security"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    Vary: components["headers"]["Vary"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    RateLimit: components["headers"]["RateLimit"];
                    "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                    "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "data": {
                     *         "events": [
                     *           {
                     *             "id": "8b6d3a0e-6d53-5a3e-9d1c-0a8f2f6f3a11",
                     *             "title": "The Night Tram",
                     *             "start_date": "2021-02-10",
                     *             "start_time": "20:00:00",
                     *             "end_date": "2021-02-10",
                     *             "end_time": "21:30:00",
                     *             "min_price": 55,
                     *             "max_price": 55
                     *           }
                     *         ]
                     *       },
                     *       "error": null
                     *     }
                     */
                    "application/json": components["schemas"]["Events"];
                };
            };
            /** @description `If-None-Match` names the `ETag`: the events are the same as before. */
            304: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "Marquee-Catalogue": components["headers"]["Marquee-Catalogue"];
                    "Marquee-Ignored-Parameters": components["headers"]["Marquee-Ignored-Parameters"];
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Strict-Transport-Security": components["headers"]["Strict-Transport-Security"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    Vary: components["headers"]["Vary"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    RateLimit: components["headers"]["RateLimit"];
                    "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                    "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            405: components["responses"]["Error405"];
            408: components["responses"]["Error408"];
            412: components["responses"]["Error412"];
            414: components["responses"]["Error414"];
            417: components["responses"]["Error417"];
            429: components["responses"]["Error429"];
            431: components["responses"]["Error431"];
            500: components["responses"]["Error500"];
            501: components["responses"]["Error501"];
            503: components["responses"]["Error503"];
            505: components["responses"]["Error505"];
            default: components["responses"]["OtherError"];
        };
    };
    searchEventsHead: {
        parameters: {
            query?: {
                /** @description Only events that start at this instant or later. Forms: `2021-07-21T17:32:28Z`, `2021-07-21T19:32:28+02:00`, `2021-07-21T17:32:28` or `2021-07-21 17:32:28` (both UTC), `2021-07-21T17:32:28.123456789Z`, `2021-07-21` (the whole day in UTC). Up to nine decimals are compared exactly. */
                starts_at?: string;
                /** @description Only events that end at this instant or earlier. The same forms. */
                ends_at?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The events; the list may be empty. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "Marquee-Catalogue": components["headers"]["Marquee-Catalogue"];
                    "Content-Encoding": components["headers"]["Content-Encoding"];
                    "Marquee-Ignored-Parameters": components["headers"]["Marquee-Ignored-Parameters"];
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Strict-Transport-Security": components["headers"]["Strict-Transport-Security"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    Vary: components["headers"]["Vary"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    RateLimit: components["headers"]["RateLimit"];
                    "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                    "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "data": {
                     *         "events": [
                     *           {
                     *             "id": "8b6d3a0e-6d53-5a3e-9d1c-0a8f2f6f3a11",
                     *             "title": "The Night Tram",
                     *             "start_date": "2021-02-10",
                     *             "start_time": "20:00:00",
                     *             "end_date": "2021-02-10",
                     *             "end_time": "21:30:00",
                     *             "min_price": 55,
                     *             "max_price": 55
                     *           }
                     *         ]
                     *       },
                     *       "error": null
                     *     }
                     */
                    "application/json": components["schemas"]["Events"];
                };
            };
            /** @description `If-None-Match` names the `ETag`: the events are the same as before. */
            304: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "Marquee-Catalogue": components["headers"]["Marquee-Catalogue"];
                    "Marquee-Ignored-Parameters": components["headers"]["Marquee-Ignored-Parameters"];
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Strict-Transport-Security": components["headers"]["Strict-Transport-Security"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    Vary: components["headers"]["Vary"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    RateLimit: components["headers"]["RateLimit"];
                    "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                    "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Error400"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            405: components["responses"]["Error405"];
            408: components["responses"]["Error408"];
            412: components["responses"]["Error412"];
            414: components["responses"]["Error414"];
            417: components["responses"]["Error417"];
            429: components["responses"]["Error429"];
            431: components["responses"]["Error431"];
            500: components["responses"]["Error500"];
            501: components["responses"]["Error501"];
            503: components["responses"]["Error503"];
            505: components["responses"]["Error505"];
            default: components["responses"]["OtherError"];
        };
    };
    listEvents: {
        parameters: {
            query?: {
                /** @description The first instant of the range, which is open if it is absent. Forms: `2021-07-21T17:32:28Z`, `2021-07-21T19:32:28+02:00`, `2021-07-21T17:32:28` or `2021-07-21 17:32:28` (both UTC), `2021-07-21T17:32:28.123456789Z`, `2021-07-21` (the whole day in UTC). Up to nine decimals are compared exactly. Without an offset it is a local time in `tz`. */
                starts_at?: string;
                /** @description The last instant of the range. The same forms. */
                ends_at?: string;
                /** @description How an event lies to the range: `within` it, which is meant without `match`; `overlaps`: it takes place at some instant of the range; `starts` in it; `contains`: it lasts for the whole range, whose bounds are both needed. */
                match?: "within" | "overlaps" | "starts" | "contains";
                /** @description The IANA time zone of bounds without an offset, and of the histogram; otherwise UTC. */
                tz?: string;
                /** @description Only events of this provider. */
                provider?: string;
                /** @description Only events whose feed now has this status; `sold_out`: only events that are sold out, whatever their status. */
                status?: "scheduled" | "cancelled" | "postponed" | "rescheduled" | "sold_out";
                /** @description Only events whose feed now has this sell mode. */
                sell_mode?: "online" | "offline";
                /** @description Only events with a price at or above this amount. */
                min_price?: number;
                /** @description Only events with a price at or below this amount. */
                max_price?: number;
                /** @description `true`: only events that are not sold out and have a capacity above 0; `false`: only the others. */
                available?: boolean;
                /** @description Only events whose title has all of these words, each as the beginning of a word: 1 to 10. Case and accents do not matter. */
                q?: string;
                /** @description The order, `start` if it is absent; equal ones are ordered by `id`. */
                sort_by?: "start" | "end" | "title" | "min_price" | "id";
                /** @description The direction of the order, `asc` if it is absent. Events without a price are last in both. */
                sort_dir?: "asc" | "desc";
                /** @description Only these fields, separated by commas; all if it is absent: `id`, `title`, `start_date`, `start_time`, `end_date`, `end_time`, `min_price`, `max_price`, `starts_at`, `ends_at`, `time_zone`, `provider`, `base_id`, `plan_id`, `sell_mode`, `sell_from`, `sell_to`, `sold_out`, `capacity`, `listed`, `status`. */
                fields?: string;
                /** @description The number of the page, for pages by number. */
                page?: number;
                /** @description Events on a page by number, 50 if it is absent. */
                page_size?: number;
                /** @description Events on a page by cursor, 50 if it is absent. */
                limit?: number;
                /** @description `next_cursor` of the page before; the first page if it is absent. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of events, or all of them as lines. Lines have neither `ETag` nor `Link`. */
            200: {
                headers: {
                    /** @description The tag of the body: send it back as `If-None-Match`. That of events is strong, the same on every worker and host, and depends on the selected events only; a gzipped answer has a tag of its own, which ends in `-gz`. */
                    ETag?: string;
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "Marquee-Catalogue": components["headers"]["Marquee-Catalogue"];
                    "Content-Encoding": components["headers"]["Content-Encoding"];
                    Link: components["headers"]["Link"];
                    "Server-Timing": components["headers"]["Server-Timing"];
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Strict-Transport-Security": components["headers"]["Strict-Transport-Security"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    Vary: components["headers"]["Vary"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    RateLimit: components["headers"]["RateLimit"];
                    "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                    "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "data": {
                     *         "events": [
                     *           {
                     *             "id": "8b6d3a0e-6d53-5a3e-9d1c-0a8f2f6f3a11",
                     *             "title": "The Night Tram",
                     *             "start_date": "2021-02-10",
                     *             "start_time": "20:00:00",
                     *             "end_date": "2021-02-10",
                     *             "end_time": "21:30:00",
                     *             "min_price": 55,
                     *             "max_price": 55,
                     *             "starts_at": "2021-02-10T19:00:00Z",
                     *             "ends_at": "2021-02-10T20:30:00Z",
                     *             "time_zone": "Europe/Madrid",
                     *             "provider": "fever",
                     *             "base_id": "291",
                     *             "plan_id": "1642",
                     *             "sell_mode": "online",
                     *             "sell_from": "2021-01-01T00:00:00",
                     *             "sell_to": null,
                     *             "sold_out": false,
                     *             "capacity": 240,
                     *             "listed": true,
                     *             "status": "scheduled"
                     *           }
                     *         ],
                     *         "next_cursor": null
                     *       },
                     *       "error": null
                     *     }
                     */
                    "application/json": components["schemas"]["EventPage"];
                    /** @example {"id":"8b6d3a0e-6d53-5a3e-9d1c-0a8f2f6f3a11","title":"The Night Tram","start_date":"2021-02-10","start_time":"20:00:00","end_date":"2021-02-10","end_time":"21:30:00","min_price":55,"max_price":55,"starts_at":"2021-02-10T19:00:00Z","ends_at":"2021-02-10T20:30:00Z","time_zone":"Europe/Madrid","provider":"fever","base_id":"291","plan_id":"1642","sell_mode":"online","sell_from":"2021-01-01T00:00:00","sell_to":null,"sold_out":false,"capacity":240,"listed":true,"status":"scheduled"} */
                    "application/x-ndjson": string;
                    /**
                     * @example BEGIN:VCALENDAR
                     *     VERSION:2.0
                     *     PRODID:-//Marquee//Events//EN
                     *     BEGIN:VEVENT
                     *     UID:836028ef-6686-53de-819e-a7dcfe44d417
                     *     DTSTAMP:20210101T100000Z
                     *     LAST-MODIFIED:20210101T100000Z
                     *     SEQUENCE:1000
                     *     DTSTART:20210210T190000Z
                     *     DTEND:20210210T203000Z
                     *     SUMMARY:The Night Tram
                     *     TRANSP:TRANSPARENT
                     *     END:VEVENT
                     *     END:VCALENDAR
                     */
                    "text/calendar": string;
                };
            };
            /** @description `If-None-Match` names the `ETag`: the page is the same as before. */
            304: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "Marquee-Catalogue": components["headers"]["Marquee-Catalogue"];
                    Link: components["headers"]["Link"];
                    "Server-Timing": components["headers"]["Server-Timing"];
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Strict-Transport-Security": components["headers"]["Strict-Transport-Security"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    Vary: components["headers"]["Vary"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    RateLimit: components["headers"]["RateLimit"];
                    "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                    "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Error400-2"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            405: components["responses"]["Error405"];
            408: components["responses"]["Error408"];
            410: components["responses"]["Error410"];
            412: components["responses"]["Error412"];
            414: components["responses"]["Error414"];
            417: components["responses"]["Error417"];
            429: components["responses"]["Error429"];
            431: components["responses"]["Error431"];
            500: components["responses"]["Error500"];
            501: components["responses"]["Error501"];
            503: components["responses"]["Error503-2"];
            505: components["responses"]["Error505"];
            default: components["responses"]["OtherError"];
        };
    };
    listEventsHead: {
        parameters: {
            query?: {
                /** @description The first instant of the range, which is open if it is absent. Forms: `2021-07-21T17:32:28Z`, `2021-07-21T19:32:28+02:00`, `2021-07-21T17:32:28` or `2021-07-21 17:32:28` (both UTC), `2021-07-21T17:32:28.123456789Z`, `2021-07-21` (the whole day in UTC). Up to nine decimals are compared exactly. Without an offset it is a local time in `tz`. */
                starts_at?: string;
                /** @description The last instant of the range. The same forms. */
                ends_at?: string;
                /** @description How an event lies to the range: `within` it, which is meant without `match`; `overlaps`: it takes place at some instant of the range; `starts` in it; `contains`: it lasts for the whole range, whose bounds are both needed. */
                match?: "within" | "overlaps" | "starts" | "contains";
                /** @description The IANA time zone of bounds without an offset, and of the histogram; otherwise UTC. */
                tz?: string;
                /** @description Only events of this provider. */
                provider?: string;
                /** @description Only events whose feed now has this status; `sold_out`: only events that are sold out, whatever their status. */
                status?: "scheduled" | "cancelled" | "postponed" | "rescheduled" | "sold_out";
                /** @description Only events whose feed now has this sell mode. */
                sell_mode?: "online" | "offline";
                /** @description Only events with a price at or above this amount. */
                min_price?: number;
                /** @description Only events with a price at or below this amount. */
                max_price?: number;
                /** @description `true`: only events that are not sold out and have a capacity above 0; `false`: only the others. */
                available?: boolean;
                /** @description Only events whose title has all of these words, each as the beginning of a word: 1 to 10. Case and accents do not matter. */
                q?: string;
                /** @description The order, `start` if it is absent; equal ones are ordered by `id`. */
                sort_by?: "start" | "end" | "title" | "min_price" | "id";
                /** @description The direction of the order, `asc` if it is absent. Events without a price are last in both. */
                sort_dir?: "asc" | "desc";
                /** @description Only these fields, separated by commas; all if it is absent: `id`, `title`, `start_date`, `start_time`, `end_date`, `end_time`, `min_price`, `max_price`, `starts_at`, `ends_at`, `time_zone`, `provider`, `base_id`, `plan_id`, `sell_mode`, `sell_from`, `sell_to`, `sold_out`, `capacity`, `listed`, `status`. */
                fields?: string;
                /** @description The number of the page, for pages by number. */
                page?: number;
                /** @description Events on a page by number, 50 if it is absent. */
                page_size?: number;
                /** @description Events on a page by cursor, 50 if it is absent. */
                limit?: number;
                /** @description `next_cursor` of the page before; the first page if it is absent. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of events, or all of them as lines. Lines have neither `ETag` nor `Link`. */
            200: {
                headers: {
                    /** @description The tag of the body: send it back as `If-None-Match`. That of events is strong, the same on every worker and host, and depends on the selected events only; a gzipped answer has a tag of its own, which ends in `-gz`. */
                    ETag?: string;
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "Marquee-Catalogue": components["headers"]["Marquee-Catalogue"];
                    "Content-Encoding": components["headers"]["Content-Encoding"];
                    Link: components["headers"]["Link"];
                    "Server-Timing": components["headers"]["Server-Timing"];
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Strict-Transport-Security": components["headers"]["Strict-Transport-Security"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    Vary: components["headers"]["Vary"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    RateLimit: components["headers"]["RateLimit"];
                    "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                    "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "data": {
                     *         "events": [
                     *           {
                     *             "id": "8b6d3a0e-6d53-5a3e-9d1c-0a8f2f6f3a11",
                     *             "title": "The Night Tram",
                     *             "start_date": "2021-02-10",
                     *             "start_time": "20:00:00",
                     *             "end_date": "2021-02-10",
                     *             "end_time": "21:30:00",
                     *             "min_price": 55,
                     *             "max_price": 55,
                     *             "starts_at": "2021-02-10T19:00:00Z",
                     *             "ends_at": "2021-02-10T20:30:00Z",
                     *             "time_zone": "Europe/Madrid",
                     *             "provider": "fever",
                     *             "base_id": "291",
                     *             "plan_id": "1642",
                     *             "sell_mode": "online",
                     *             "sell_from": "2021-01-01T00:00:00",
                     *             "sell_to": null,
                     *             "sold_out": false,
                     *             "capacity": 240,
                     *             "listed": true,
                     *             "status": "scheduled"
                     *           }
                     *         ],
                     *         "next_cursor": null
                     *       },
                     *       "error": null
                     *     }
                     */
                    "application/json": components["schemas"]["EventPage"];
                    /** @example {"id":"8b6d3a0e-6d53-5a3e-9d1c-0a8f2f6f3a11","title":"The Night Tram","start_date":"2021-02-10","start_time":"20:00:00","end_date":"2021-02-10","end_time":"21:30:00","min_price":55,"max_price":55,"starts_at":"2021-02-10T19:00:00Z","ends_at":"2021-02-10T20:30:00Z","time_zone":"Europe/Madrid","provider":"fever","base_id":"291","plan_id":"1642","sell_mode":"online","sell_from":"2021-01-01T00:00:00","sell_to":null,"sold_out":false,"capacity":240,"listed":true,"status":"scheduled"} */
                    "application/x-ndjson": string;
                    /**
                     * @example BEGIN:VCALENDAR
                     *     VERSION:2.0
                     *     PRODID:-//Marquee//Events//EN
                     *     BEGIN:VEVENT
                     *     UID:836028ef-6686-53de-819e-a7dcfe44d417
                     *     DTSTAMP:20210101T100000Z
                     *     LAST-MODIFIED:20210101T100000Z
                     *     SEQUENCE:1000
                     *     DTSTART:20210210T190000Z
                     *     DTEND:20210210T203000Z
                     *     SUMMARY:The Night Tram
                     *     TRANSP:TRANSPARENT
                     *     END:VEVENT
                     *     END:VCALENDAR
                     */
                    "text/calendar": string;
                };
            };
            /** @description `If-None-Match` names the `ETag`: the page is the same as before. */
            304: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "Marquee-Catalogue": components["headers"]["Marquee-Catalogue"];
                    Link: components["headers"]["Link"];
                    "Server-Timing": components["headers"]["Server-Timing"];
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Strict-Transport-Security": components["headers"]["Strict-Transport-Security"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    Vary: components["headers"]["Vary"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    RateLimit: components["headers"]["RateLimit"];
                    "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                    "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Error400-2"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            405: components["responses"]["Error405"];
            408: components["responses"]["Error408"];
            410: components["responses"]["Error410"];
            412: components["responses"]["Error412"];
            414: components["responses"]["Error414"];
            417: components["responses"]["Error417"];
            429: components["responses"]["Error429"];
            431: components["responses"]["Error431"];
            500: components["responses"]["Error500"];
            501: components["responses"]["Error501"];
            503: components["responses"]["Error503-2"];
            505: components["responses"]["Error505"];
            default: components["responses"]["OtherError"];
        };
    };
    subscribeToEvents: {
        parameters: {
            query?: {
                /** @description The first instant of the range, which is open if it is absent. Forms: `2021-07-21T17:32:28Z`, `2021-07-21T19:32:28+02:00`, `2021-07-21T17:32:28` or `2021-07-21 17:32:28` (both UTC), `2021-07-21T17:32:28.123456789Z`, `2021-07-21` (the whole day in UTC). Up to nine decimals are compared exactly. Without an offset it is a local time in `tz`. */
                starts_at?: string;
                /** @description The last instant of the range. The same forms. */
                ends_at?: string;
                /** @description How an event lies to the range: `within` it, which is meant without `match`; `overlaps`: it takes place at some instant of the range; `starts` in it; `contains`: it lasts for the whole range, whose bounds are both needed. */
                match?: "within" | "overlaps" | "starts" | "contains";
                /** @description The IANA time zone of bounds without an offset, and of the histogram; otherwise UTC. */
                tz?: string;
                /** @description Only events of this provider. */
                provider?: string;
                /** @description Only events whose feed now has this status; `sold_out`: only events that are sold out, whatever their status. */
                status?: "scheduled" | "cancelled" | "postponed" | "rescheduled" | "sold_out";
                /** @description Only events whose feed now has this sell mode. */
                sell_mode?: "online" | "offline";
                /** @description Only events with a price at or above this amount. */
                min_price?: number;
                /** @description Only events with a price at or below this amount. */
                max_price?: number;
                /** @description `true`: only events that are not sold out and have a capacity above 0; `false`: only the others. */
                available?: boolean;
                /** @description Only events whose title has all of these words, each as the beginning of a word: 1 to 10. Case and accents do not matter. */
                q?: string;
                /** @description The order, `start` if it is absent; equal ones are ordered by `id`. */
                sort_by?: "start" | "end" | "title" | "min_price" | "id";
                /** @description The direction of the order, `asc` if it is absent. Events without a price are last in both. */
                sort_dir?: "asc" | "desc";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The calendar; it may have no event. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "Marquee-Catalogue": components["headers"]["Marquee-Catalogue"];
                    "Content-Encoding": components["headers"]["Content-Encoding"];
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Strict-Transport-Security": components["headers"]["Strict-Transport-Security"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    Vary: components["headers"]["Vary"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    RateLimit: components["headers"]["RateLimit"];
                    "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                    "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example BEGIN:VCALENDAR
                     *     VERSION:2.0
                     *     PRODID:-//Marquee//Events//EN
                     *     BEGIN:VEVENT
                     *     UID:836028ef-6686-53de-819e-a7dcfe44d417
                     *     DTSTAMP:20210101T100000Z
                     *     LAST-MODIFIED:20210101T100000Z
                     *     SEQUENCE:1000
                     *     DTSTART:20210210T190000Z
                     *     DTEND:20210210T203000Z
                     *     SUMMARY:The Night Tram
                     *     TRANSP:TRANSPARENT
                     *     END:VEVENT
                     *     END:VCALENDAR
                     */
                    "text/calendar": string;
                };
            };
            /** @description `If-None-Match` names the `ETag`: the calendar is the same as before. */
            304: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "Marquee-Catalogue": components["headers"]["Marquee-Catalogue"];
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Strict-Transport-Security": components["headers"]["Strict-Transport-Security"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    Vary: components["headers"]["Vary"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    RateLimit: components["headers"]["RateLimit"];
                    "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                    "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Error400-3"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            405: components["responses"]["Error405"];
            408: components["responses"]["Error408"];
            412: components["responses"]["Error412"];
            414: components["responses"]["Error414"];
            417: components["responses"]["Error417"];
            429: components["responses"]["Error429"];
            431: components["responses"]["Error431"];
            500: components["responses"]["Error500"];
            501: components["responses"]["Error501"];
            503: components["responses"]["Error503-3"];
            505: components["responses"]["Error505"];
            default: components["responses"]["OtherError"];
        };
    };
    subscribeToEventsHead: {
        parameters: {
            query?: {
                /** @description The first instant of the range, which is open if it is absent. Forms: `2021-07-21T17:32:28Z`, `2021-07-21T19:32:28+02:00`, `2021-07-21T17:32:28` or `2021-07-21 17:32:28` (both UTC), `2021-07-21T17:32:28.123456789Z`, `2021-07-21` (the whole day in UTC). Up to nine decimals are compared exactly. Without an offset it is a local time in `tz`. */
                starts_at?: string;
                /** @description The last instant of the range. The same forms. */
                ends_at?: string;
                /** @description How an event lies to the range: `within` it, which is meant without `match`; `overlaps`: it takes place at some instant of the range; `starts` in it; `contains`: it lasts for the whole range, whose bounds are both needed. */
                match?: "within" | "overlaps" | "starts" | "contains";
                /** @description The IANA time zone of bounds without an offset, and of the histogram; otherwise UTC. */
                tz?: string;
                /** @description Only events of this provider. */
                provider?: string;
                /** @description Only events whose feed now has this status; `sold_out`: only events that are sold out, whatever their status. */
                status?: "scheduled" | "cancelled" | "postponed" | "rescheduled" | "sold_out";
                /** @description Only events whose feed now has this sell mode. */
                sell_mode?: "online" | "offline";
                /** @description Only events with a price at or above this amount. */
                min_price?: number;
                /** @description Only events with a price at or below this amount. */
                max_price?: number;
                /** @description `true`: only events that are not sold out and have a capacity above 0; `false`: only the others. */
                available?: boolean;
                /** @description Only events whose title has all of these words, each as the beginning of a word: 1 to 10. Case and accents do not matter. */
                q?: string;
                /** @description The order, `start` if it is absent; equal ones are ordered by `id`. */
                sort_by?: "start" | "end" | "title" | "min_price" | "id";
                /** @description The direction of the order, `asc` if it is absent. Events without a price are last in both. */
                sort_dir?: "asc" | "desc";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The calendar; it may have no event. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "Marquee-Catalogue": components["headers"]["Marquee-Catalogue"];
                    "Content-Encoding": components["headers"]["Content-Encoding"];
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Strict-Transport-Security": components["headers"]["Strict-Transport-Security"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    Vary: components["headers"]["Vary"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    RateLimit: components["headers"]["RateLimit"];
                    "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                    "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example BEGIN:VCALENDAR
                     *     VERSION:2.0
                     *     PRODID:-//Marquee//Events//EN
                     *     BEGIN:VEVENT
                     *     UID:836028ef-6686-53de-819e-a7dcfe44d417
                     *     DTSTAMP:20210101T100000Z
                     *     LAST-MODIFIED:20210101T100000Z
                     *     SEQUENCE:1000
                     *     DTSTART:20210210T190000Z
                     *     DTEND:20210210T203000Z
                     *     SUMMARY:The Night Tram
                     *     TRANSP:TRANSPARENT
                     *     END:VEVENT
                     *     END:VCALENDAR
                     */
                    "text/calendar": string;
                };
            };
            /** @description `If-None-Match` names the `ETag`: the calendar is the same as before. */
            304: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "Marquee-Catalogue": components["headers"]["Marquee-Catalogue"];
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Strict-Transport-Security": components["headers"]["Strict-Transport-Security"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    Vary: components["headers"]["Vary"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    RateLimit: components["headers"]["RateLimit"];
                    "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                    "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Error400-3"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            405: components["responses"]["Error405"];
            408: components["responses"]["Error408"];
            412: components["responses"]["Error412"];
            414: components["responses"]["Error414"];
            417: components["responses"]["Error417"];
            429: components["responses"]["Error429"];
            431: components["responses"]["Error431"];
            500: components["responses"]["Error500"];
            501: components["responses"]["Error501"];
            503: components["responses"]["Error503-3"];
            505: components["responses"]["Error505"];
            default: components["responses"]["OtherError"];
        };
    };
    countEvents: {
        parameters: {
            query?: {
                /** @description The first instant of the range, which is open if it is absent. Forms: `2021-07-21T17:32:28Z`, `2021-07-21T19:32:28+02:00`, `2021-07-21T17:32:28` or `2021-07-21 17:32:28` (both UTC), `2021-07-21T17:32:28.123456789Z`, `2021-07-21` (the whole day in UTC). Up to nine decimals are compared exactly. Without an offset it is a local time in `tz`. */
                starts_at?: string;
                /** @description The last instant of the range. The same forms. */
                ends_at?: string;
                /** @description How an event lies to the range: `within` it, which is meant without `match`; `overlaps`: it takes place at some instant of the range; `starts` in it; `contains`: it lasts for the whole range, whose bounds are both needed. */
                match?: "within" | "overlaps" | "starts" | "contains";
                /** @description The IANA time zone of bounds without an offset, and of the histogram; otherwise UTC. */
                tz?: string;
                /** @description Only events of this provider. */
                provider?: string;
                /** @description Only events whose feed now has this status; `sold_out`: only events that are sold out, whatever their status. */
                status?: "scheduled" | "cancelled" | "postponed" | "rescheduled" | "sold_out";
                /** @description Only events whose feed now has this sell mode. */
                sell_mode?: "online" | "offline";
                /** @description Only events with a price at or above this amount. */
                min_price?: number;
                /** @description Only events with a price at or below this amount. */
                max_price?: number;
                /** @description `true`: only events that are not sold out and have a capacity above 0; `false`: only the others. */
                available?: boolean;
                /** @description Only events whose title has all of these words, each as the beginning of a word: 1 to 10. Case and accents do not matter. */
                q?: string;
                /** @description The length of a bucket, `day` if it is absent. Weeks begin on Monday. */
                interval?: "hour" | "day" | "week" | "month";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The counts; the list of buckets may be empty. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "Marquee-Catalogue": components["headers"]["Marquee-Catalogue"];
                    "Content-Encoding": components["headers"]["Content-Encoding"];
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Strict-Transport-Security": components["headers"]["Strict-Transport-Security"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    Vary: components["headers"]["Vary"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    RateLimit: components["headers"]["RateLimit"];
                    "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                    "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "data": {
                     *         "interval": "day",
                     *         "time_zone": "Europe/Madrid",
                     *         "total_rows": 3,
                     *         "buckets": [
                     *           {
                     *             "starts_at": "2021-02-10T00:00:00+01:00",
                     *             "events": 2
                     *           },
                     *           {
                     *             "starts_at": "2021-02-11T00:00:00+01:00",
                     *             "events": 1
                     *           }
                     *         ]
                     *       },
                     *       "error": null
                     *     }
                     */
                    "application/json": components["schemas"]["EventCounts"];
                };
            };
            /** @description `If-None-Match` names the `ETag`: the counts are the same as before. */
            304: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "Marquee-Catalogue": components["headers"]["Marquee-Catalogue"];
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Strict-Transport-Security": components["headers"]["Strict-Transport-Security"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    Vary: components["headers"]["Vary"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    RateLimit: components["headers"]["RateLimit"];
                    "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                    "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Error400-4"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            405: components["responses"]["Error405"];
            408: components["responses"]["Error408"];
            412: components["responses"]["Error412"];
            414: components["responses"]["Error414"];
            417: components["responses"]["Error417"];
            429: components["responses"]["Error429"];
            431: components["responses"]["Error431"];
            500: components["responses"]["Error500"];
            501: components["responses"]["Error501"];
            503: components["responses"]["Error503-3"];
            505: components["responses"]["Error505"];
            default: components["responses"]["OtherError"];
        };
    };
    countEventsHead: {
        parameters: {
            query?: {
                /** @description The first instant of the range, which is open if it is absent. Forms: `2021-07-21T17:32:28Z`, `2021-07-21T19:32:28+02:00`, `2021-07-21T17:32:28` or `2021-07-21 17:32:28` (both UTC), `2021-07-21T17:32:28.123456789Z`, `2021-07-21` (the whole day in UTC). Up to nine decimals are compared exactly. Without an offset it is a local time in `tz`. */
                starts_at?: string;
                /** @description The last instant of the range. The same forms. */
                ends_at?: string;
                /** @description How an event lies to the range: `within` it, which is meant without `match`; `overlaps`: it takes place at some instant of the range; `starts` in it; `contains`: it lasts for the whole range, whose bounds are both needed. */
                match?: "within" | "overlaps" | "starts" | "contains";
                /** @description The IANA time zone of bounds without an offset, and of the histogram; otherwise UTC. */
                tz?: string;
                /** @description Only events of this provider. */
                provider?: string;
                /** @description Only events whose feed now has this status; `sold_out`: only events that are sold out, whatever their status. */
                status?: "scheduled" | "cancelled" | "postponed" | "rescheduled" | "sold_out";
                /** @description Only events whose feed now has this sell mode. */
                sell_mode?: "online" | "offline";
                /** @description Only events with a price at or above this amount. */
                min_price?: number;
                /** @description Only events with a price at or below this amount. */
                max_price?: number;
                /** @description `true`: only events that are not sold out and have a capacity above 0; `false`: only the others. */
                available?: boolean;
                /** @description Only events whose title has all of these words, each as the beginning of a word: 1 to 10. Case and accents do not matter. */
                q?: string;
                /** @description The length of a bucket, `day` if it is absent. Weeks begin on Monday. */
                interval?: "hour" | "day" | "week" | "month";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The counts; the list of buckets may be empty. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "Marquee-Catalogue": components["headers"]["Marquee-Catalogue"];
                    "Content-Encoding": components["headers"]["Content-Encoding"];
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Strict-Transport-Security": components["headers"]["Strict-Transport-Security"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    Vary: components["headers"]["Vary"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    RateLimit: components["headers"]["RateLimit"];
                    "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                    "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "data": {
                     *         "interval": "day",
                     *         "time_zone": "Europe/Madrid",
                     *         "total_rows": 3,
                     *         "buckets": [
                     *           {
                     *             "starts_at": "2021-02-10T00:00:00+01:00",
                     *             "events": 2
                     *           },
                     *           {
                     *             "starts_at": "2021-02-11T00:00:00+01:00",
                     *             "events": 1
                     *           }
                     *         ]
                     *       },
                     *       "error": null
                     *     }
                     */
                    "application/json": components["schemas"]["EventCounts"];
                };
            };
            /** @description `If-None-Match` names the `ETag`: the counts are the same as before. */
            304: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "Marquee-Catalogue": components["headers"]["Marquee-Catalogue"];
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Strict-Transport-Security": components["headers"]["Strict-Transport-Security"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    Vary: components["headers"]["Vary"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    RateLimit: components["headers"]["RateLimit"];
                    "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                    "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Error400-4"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            405: components["responses"]["Error405"];
            408: components["responses"]["Error408"];
            412: components["responses"]["Error412"];
            414: components["responses"]["Error414"];
            417: components["responses"]["Error417"];
            429: components["responses"]["Error429"];
            431: components["responses"]["Error431"];
            500: components["responses"]["Error500"];
            501: components["responses"]["Error501"];
            503: components["responses"]["Error503-3"];
            505: components["responses"]["Error505"];
            default: components["responses"]["OtherError"];
        };
    };
    lookUpEvents: {
        parameters: {
            query?: {
                /** @description Only these fields, separated by commas; all if it is absent: `id`, `title`, `start_date`, `start_time`, `end_date`, `end_time`, `min_price`, `max_price`, `starts_at`, `ends_at`, `time_zone`, `provider`, `base_id`, `plan_id`, `sell_mode`, `sell_from`, `sell_to`, `sold_out`, `capacity`, `listed`, `status`, `zones`, `first_seen_at`, `last_seen_at`, `last_online_at`. */
                fields?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "ids": [
                 *         "8b6d3a0e-6d53-5a3e-9d1c-0a8f2f6f3a11"
                 *       ]
                 *     }
                 */
                "application/json": components["schemas"]["Lookup"];
            };
        };
        responses: {
            /** @description The events and the unknown ids. */
            200: {
                headers: {
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "Marquee-Catalogue": components["headers"]["Marquee-Catalogue"];
                    "Content-Encoding": components["headers"]["Content-Encoding"];
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Strict-Transport-Security": components["headers"]["Strict-Transport-Security"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    Vary: components["headers"]["Vary"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    RateLimit: components["headers"]["RateLimit"];
                    "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                    "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "data": {
                     *         "events": [
                     *           {
                     *             "id": "8b6d3a0e-6d53-5a3e-9d1c-0a8f2f6f3a11",
                     *             "title": "The Night Tram",
                     *             "start_date": "2021-02-10",
                     *             "start_time": "20:00:00",
                     *             "end_date": "2021-02-10",
                     *             "end_time": "21:30:00",
                     *             "min_price": 55,
                     *             "max_price": 55,
                     *             "starts_at": "2021-02-10T19:00:00Z",
                     *             "ends_at": "2021-02-10T20:30:00Z",
                     *             "time_zone": "Europe/Madrid",
                     *             "provider": "fever",
                     *             "base_id": "291",
                     *             "plan_id": "1642",
                     *             "sell_mode": "online",
                     *             "sell_from": "2021-01-01T00:00:00",
                     *             "sell_to": null,
                     *             "sold_out": false,
                     *             "capacity": 240,
                     *             "listed": true,
                     *             "status": "scheduled",
                     *             "zones": [
                     *               {
                     *                 "id": "40",
                     *                 "name": "Platea",
                     *                 "price": 55,
                     *                 "capacity": 240,
                     *                 "numbered": true
                     *               }
                     *             ],
                     *             "first_seen_at": "2021-01-01T10:00:00.000Z",
                     *             "last_seen_at": null,
                     *             "last_online_at": null
                     *           }
                     *         ],
                     *         "unknown": []
                     *       },
                     *       "error": null
                     *     }
                     */
                    "application/json": components["schemas"]["LookupAnswer"];
                };
            };
            400: components["responses"]["Error400-5"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            405: components["responses"]["Error405"];
            408: components["responses"]["Error408"];
            413: components["responses"]["Error413"];
            414: components["responses"]["Error414"];
            415: components["responses"]["Error415"];
            417: components["responses"]["Error417"];
            429: components["responses"]["Error429"];
            431: components["responses"]["Error431"];
            500: components["responses"]["Error500"];
            501: components["responses"]["Error501"];
            503: components["responses"]["Error503-4"];
            505: components["responses"]["Error505"];
            default: components["responses"]["OtherError"];
        };
    };
    getEvent: {
        parameters: {
            query?: {
                /** @description Only these fields, separated by commas; all if it is absent: `id`, `title`, `start_date`, `start_time`, `end_date`, `end_time`, `min_price`, `max_price`, `starts_at`, `ends_at`, `time_zone`, `provider`, `base_id`, `plan_id`, `sell_mode`, `sell_from`, `sell_to`, `sold_out`, `capacity`, `listed`, `status`, `zones`, `first_seen_at`, `last_seen_at`, `last_online_at`. */
                fields?: string;
                /** @description A version of the catalogue, or an instant in the past as in `starts_at`; a date alone means its first instant. A version is available while the snapshot store keeps it, an instant as long as the archive exists. */
                as_of?: string;
            };
            header?: never;
            path: {
                /** @description The id of an event, as answers have it; the case of its letters does not matter. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The event. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "Marquee-Catalogue": components["headers"]["Marquee-Catalogue"];
                    "Content-Encoding": components["headers"]["Content-Encoding"];
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Strict-Transport-Security": components["headers"]["Strict-Transport-Security"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    Vary: components["headers"]["Vary"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    RateLimit: components["headers"]["RateLimit"];
                    "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                    "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "data": {
                     *         "event": {
                     *           "id": "8b6d3a0e-6d53-5a3e-9d1c-0a8f2f6f3a11",
                     *           "title": "The Night Tram",
                     *           "start_date": "2021-02-10",
                     *           "start_time": "20:00:00",
                     *           "end_date": "2021-02-10",
                     *           "end_time": "21:30:00",
                     *           "min_price": 55,
                     *           "max_price": 55,
                     *           "starts_at": "2021-02-10T19:00:00Z",
                     *           "ends_at": "2021-02-10T20:30:00Z",
                     *           "time_zone": "Europe/Madrid",
                     *           "provider": "fever",
                     *           "base_id": "291",
                     *           "plan_id": "1642",
                     *           "sell_mode": "online",
                     *           "sell_from": "2021-01-01T00:00:00",
                     *           "sell_to": null,
                     *           "sold_out": false,
                     *           "capacity": 240,
                     *           "listed": true,
                     *           "status": "scheduled",
                     *           "zones": [
                     *             {
                     *               "id": "40",
                     *               "name": "Platea",
                     *               "price": 55,
                     *               "capacity": 240,
                     *               "numbered": true
                     *             }
                     *           ],
                     *           "first_seen_at": "2021-01-01T10:00:00.000Z",
                     *           "last_seen_at": null,
                     *           "last_online_at": null
                     *         }
                     *       },
                     *       "error": null
                     *     }
                     */
                    "application/json": components["schemas"]["EventAnswer"];
                    /**
                     * @example {
                     *       "@context": "https://schema.org",
                     *       "@type": "Event",
                     *       "@id": "urn:uuid:8b6d3a0e-6d53-5a3e-9d1c-0a8f2f6f3a11",
                     *       "identifier": "8b6d3a0e-6d53-5a3e-9d1c-0a8f2f6f3a11",
                     *       "name": "The Night Tram",
                     *       "startDate": "2021-02-10T20:00:00+01:00",
                     *       "endDate": "2021-02-10T21:30:00+01:00",
                     *       "eventStatus": "https://schema.org/EventScheduled"
                     *     }
                     */
                    "application/ld+json": components["schemas"]["EventAsJsonLd"];
                    /**
                     * @example BEGIN:VCALENDAR
                     *     VERSION:2.0
                     *     PRODID:-//Marquee//Events//EN
                     *     BEGIN:VEVENT
                     *     UID:836028ef-6686-53de-819e-a7dcfe44d417
                     *     DTSTAMP:20210101T100000Z
                     *     LAST-MODIFIED:20210101T100000Z
                     *     SEQUENCE:1000
                     *     DTSTART:20210210T190000Z
                     *     DTEND:20210210T203000Z
                     *     SUMMARY:The Night Tram
                     *     TRANSP:TRANSPARENT
                     *     END:VEVENT
                     *     END:VCALENDAR
                     */
                    "text/calendar": string;
                };
            };
            /** @description `If-None-Match` names the `ETag`: the event is the same as before. */
            304: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "Marquee-Catalogue": components["headers"]["Marquee-Catalogue"];
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Strict-Transport-Security": components["headers"]["Strict-Transport-Security"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    Vary: components["headers"]["Vary"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    RateLimit: components["headers"]["RateLimit"];
                    "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                    "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Error400-6"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            405: components["responses"]["Error405"];
            408: components["responses"]["Error408"];
            410: components["responses"]["Error410-2"];
            412: components["responses"]["Error412"];
            414: components["responses"]["Error414"];
            417: components["responses"]["Error417"];
            429: components["responses"]["Error429"];
            431: components["responses"]["Error431"];
            500: components["responses"]["Error500"];
            501: components["responses"]["Error501"];
            503: components["responses"]["Error503-5"];
            505: components["responses"]["Error505"];
            default: components["responses"]["OtherError"];
        };
    };
    getEventHead: {
        parameters: {
            query?: {
                /** @description Only these fields, separated by commas; all if it is absent: `id`, `title`, `start_date`, `start_time`, `end_date`, `end_time`, `min_price`, `max_price`, `starts_at`, `ends_at`, `time_zone`, `provider`, `base_id`, `plan_id`, `sell_mode`, `sell_from`, `sell_to`, `sold_out`, `capacity`, `listed`, `status`, `zones`, `first_seen_at`, `last_seen_at`, `last_online_at`. */
                fields?: string;
                /** @description A version of the catalogue, or an instant in the past as in `starts_at`; a date alone means its first instant. A version is available while the snapshot store keeps it, an instant as long as the archive exists. */
                as_of?: string;
            };
            header?: never;
            path: {
                /** @description The id of an event, as answers have it; the case of its letters does not matter. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The event. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "Marquee-Catalogue": components["headers"]["Marquee-Catalogue"];
                    "Content-Encoding": components["headers"]["Content-Encoding"];
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Strict-Transport-Security": components["headers"]["Strict-Transport-Security"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    Vary: components["headers"]["Vary"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    RateLimit: components["headers"]["RateLimit"];
                    "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                    "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "data": {
                     *         "event": {
                     *           "id": "8b6d3a0e-6d53-5a3e-9d1c-0a8f2f6f3a11",
                     *           "title": "The Night Tram",
                     *           "start_date": "2021-02-10",
                     *           "start_time": "20:00:00",
                     *           "end_date": "2021-02-10",
                     *           "end_time": "21:30:00",
                     *           "min_price": 55,
                     *           "max_price": 55,
                     *           "starts_at": "2021-02-10T19:00:00Z",
                     *           "ends_at": "2021-02-10T20:30:00Z",
                     *           "time_zone": "Europe/Madrid",
                     *           "provider": "fever",
                     *           "base_id": "291",
                     *           "plan_id": "1642",
                     *           "sell_mode": "online",
                     *           "sell_from": "2021-01-01T00:00:00",
                     *           "sell_to": null,
                     *           "sold_out": false,
                     *           "capacity": 240,
                     *           "listed": true,
                     *           "status": "scheduled",
                     *           "zones": [
                     *             {
                     *               "id": "40",
                     *               "name": "Platea",
                     *               "price": 55,
                     *               "capacity": 240,
                     *               "numbered": true
                     *             }
                     *           ],
                     *           "first_seen_at": "2021-01-01T10:00:00.000Z",
                     *           "last_seen_at": null,
                     *           "last_online_at": null
                     *         }
                     *       },
                     *       "error": null
                     *     }
                     */
                    "application/json": components["schemas"]["EventAnswer"];
                    /**
                     * @example {
                     *       "@context": "https://schema.org",
                     *       "@type": "Event",
                     *       "@id": "urn:uuid:8b6d3a0e-6d53-5a3e-9d1c-0a8f2f6f3a11",
                     *       "identifier": "8b6d3a0e-6d53-5a3e-9d1c-0a8f2f6f3a11",
                     *       "name": "The Night Tram",
                     *       "startDate": "2021-02-10T20:00:00+01:00",
                     *       "endDate": "2021-02-10T21:30:00+01:00",
                     *       "eventStatus": "https://schema.org/EventScheduled"
                     *     }
                     */
                    "application/ld+json": components["schemas"]["EventAsJsonLd"];
                    /**
                     * @example BEGIN:VCALENDAR
                     *     VERSION:2.0
                     *     PRODID:-//Marquee//Events//EN
                     *     BEGIN:VEVENT
                     *     UID:836028ef-6686-53de-819e-a7dcfe44d417
                     *     DTSTAMP:20210101T100000Z
                     *     LAST-MODIFIED:20210101T100000Z
                     *     SEQUENCE:1000
                     *     DTSTART:20210210T190000Z
                     *     DTEND:20210210T203000Z
                     *     SUMMARY:The Night Tram
                     *     TRANSP:TRANSPARENT
                     *     END:VEVENT
                     *     END:VCALENDAR
                     */
                    "text/calendar": string;
                };
            };
            /** @description `If-None-Match` names the `ETag`: the event is the same as before. */
            304: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "Marquee-Catalogue": components["headers"]["Marquee-Catalogue"];
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Strict-Transport-Security": components["headers"]["Strict-Transport-Security"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    Vary: components["headers"]["Vary"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    RateLimit: components["headers"]["RateLimit"];
                    "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                    "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Error400-6"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            405: components["responses"]["Error405"];
            408: components["responses"]["Error408"];
            410: components["responses"]["Error410-2"];
            412: components["responses"]["Error412"];
            414: components["responses"]["Error414"];
            417: components["responses"]["Error417"];
            429: components["responses"]["Error429"];
            431: components["responses"]["Error431"];
            500: components["responses"]["Error500"];
            501: components["responses"]["Error501"];
            503: components["responses"]["Error503-5"];
            505: components["responses"]["Error505"];
            default: components["responses"]["OtherError"];
        };
    };
    getEventCalendar: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id of an event, as answers have it; the case of its letters does not matter. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A calendar with one event. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "Marquee-Catalogue": components["headers"]["Marquee-Catalogue"];
                    "Content-Encoding": components["headers"]["Content-Encoding"];
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Strict-Transport-Security": components["headers"]["Strict-Transport-Security"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    Vary: components["headers"]["Vary"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    RateLimit: components["headers"]["RateLimit"];
                    "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                    "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example BEGIN:VCALENDAR
                     *     VERSION:2.0
                     *     PRODID:-//Marquee//Events//EN
                     *     BEGIN:VEVENT
                     *     UID:836028ef-6686-53de-819e-a7dcfe44d417
                     *     DTSTAMP:20210101T100000Z
                     *     LAST-MODIFIED:20210101T100000Z
                     *     SEQUENCE:1000
                     *     DTSTART:20210210T190000Z
                     *     DTEND:20210210T203000Z
                     *     SUMMARY:The Night Tram
                     *     TRANSP:TRANSPARENT
                     *     END:VEVENT
                     *     END:VCALENDAR
                     */
                    "text/calendar": string;
                };
            };
            /** @description `If-None-Match` names the `ETag`: the calendar is the same as before. */
            304: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "Marquee-Catalogue": components["headers"]["Marquee-Catalogue"];
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Strict-Transport-Security": components["headers"]["Strict-Transport-Security"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    Vary: components["headers"]["Vary"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    RateLimit: components["headers"]["RateLimit"];
                    "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                    "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Error400-7"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            405: components["responses"]["Error405"];
            408: components["responses"]["Error408"];
            412: components["responses"]["Error412"];
            414: components["responses"]["Error414"];
            417: components["responses"]["Error417"];
            429: components["responses"]["Error429"];
            431: components["responses"]["Error431"];
            500: components["responses"]["Error500"];
            501: components["responses"]["Error501"];
            503: components["responses"]["Error503-3"];
            505: components["responses"]["Error505"];
            default: components["responses"]["OtherError"];
        };
    };
    getEventCalendarHead: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id of an event, as answers have it; the case of its letters does not matter. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A calendar with one event. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "Marquee-Catalogue": components["headers"]["Marquee-Catalogue"];
                    "Content-Encoding": components["headers"]["Content-Encoding"];
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Strict-Transport-Security": components["headers"]["Strict-Transport-Security"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    Vary: components["headers"]["Vary"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    RateLimit: components["headers"]["RateLimit"];
                    "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                    "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example BEGIN:VCALENDAR
                     *     VERSION:2.0
                     *     PRODID:-//Marquee//Events//EN
                     *     BEGIN:VEVENT
                     *     UID:836028ef-6686-53de-819e-a7dcfe44d417
                     *     DTSTAMP:20210101T100000Z
                     *     LAST-MODIFIED:20210101T100000Z
                     *     SEQUENCE:1000
                     *     DTSTART:20210210T190000Z
                     *     DTEND:20210210T203000Z
                     *     SUMMARY:The Night Tram
                     *     TRANSP:TRANSPARENT
                     *     END:VEVENT
                     *     END:VCALENDAR
                     */
                    "text/calendar": string;
                };
            };
            /** @description `If-None-Match` names the `ETag`: the calendar is the same as before. */
            304: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "Marquee-Catalogue": components["headers"]["Marquee-Catalogue"];
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Strict-Transport-Security": components["headers"]["Strict-Transport-Security"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    Vary: components["headers"]["Vary"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    RateLimit: components["headers"]["RateLimit"];
                    "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                    "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Error400-7"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            405: components["responses"]["Error405"];
            408: components["responses"]["Error408"];
            412: components["responses"]["Error412"];
            414: components["responses"]["Error414"];
            417: components["responses"]["Error417"];
            429: components["responses"]["Error429"];
            431: components["responses"]["Error431"];
            500: components["responses"]["Error500"];
            501: components["responses"]["Error501"];
            503: components["responses"]["Error503-3"];
            505: components["responses"]["Error505"];
            default: components["responses"]["OtherError"];
        };
    };
    getEventHistory: {
        parameters: {
            query?: {
                /** @description Changes on a page, 50 if it is absent. */
                limit?: number;
                /** @description `next_cursor` of the page before; the newest changes if it is absent. */
                cursor?: string;
                /** @description A version of the catalogue, or an instant in the past as in `starts_at`; a date alone means its first instant. A version is available while the snapshot store keeps it, an instant as long as the archive exists. */
                as_of?: string;
            };
            header?: never;
            path: {
                /** @description The id of an event, as answers have it; the case of its letters does not matter. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of changes. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "Marquee-Catalogue": components["headers"]["Marquee-Catalogue"];
                    "Content-Encoding": components["headers"]["Content-Encoding"];
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Strict-Transport-Security": components["headers"]["Strict-Transport-Security"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    Vary: components["headers"]["Vary"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    RateLimit: components["headers"]["RateLimit"];
                    "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                    "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "data": {
                     *         "id": "8b6d3a0e-6d53-5a3e-9d1c-0a8f2f6f3a11",
                     *         "changes": [
                     *           {
                     *             "at": "2021-01-02T10:00:00.000Z",
                     *             "run": 1441,
                     *             "kind": "changed",
                     *             "before": {
                     *               "title": "The Night Tram",
                     *               "sold_out": false
                     *             },
                     *             "after": {
                     *               "title": "The Last Night Tram",
                     *               "sold_out": true
                     *             }
                     *           }
                     *         ],
                     *         "next_cursor": null
                     *       },
                     *       "error": null
                     *     }
                     */
                    "application/json": components["schemas"]["HistoryAnswer"];
                };
            };
            /** @description `If-None-Match` names the `ETag`: the page is the same as before. */
            304: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "Marquee-Catalogue": components["headers"]["Marquee-Catalogue"];
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Strict-Transport-Security": components["headers"]["Strict-Transport-Security"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    Vary: components["headers"]["Vary"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    RateLimit: components["headers"]["RateLimit"];
                    "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                    "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Error400-8"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            405: components["responses"]["Error405"];
            408: components["responses"]["Error408"];
            410: components["responses"]["Error410-2"];
            412: components["responses"]["Error412"];
            414: components["responses"]["Error414"];
            417: components["responses"]["Error417"];
            429: components["responses"]["Error429"];
            431: components["responses"]["Error431"];
            500: components["responses"]["Error500"];
            501: components["responses"]["Error501"];
            503: components["responses"]["Error503-6"];
            505: components["responses"]["Error505"];
            default: components["responses"]["OtherError"];
        };
    };
    getEventHistoryHead: {
        parameters: {
            query?: {
                /** @description Changes on a page, 50 if it is absent. */
                limit?: number;
                /** @description `next_cursor` of the page before; the newest changes if it is absent. */
                cursor?: string;
                /** @description A version of the catalogue, or an instant in the past as in `starts_at`; a date alone means its first instant. A version is available while the snapshot store keeps it, an instant as long as the archive exists. */
                as_of?: string;
            };
            header?: never;
            path: {
                /** @description The id of an event, as answers have it; the case of its letters does not matter. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of changes. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "Marquee-Catalogue": components["headers"]["Marquee-Catalogue"];
                    "Content-Encoding": components["headers"]["Content-Encoding"];
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Strict-Transport-Security": components["headers"]["Strict-Transport-Security"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    Vary: components["headers"]["Vary"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    RateLimit: components["headers"]["RateLimit"];
                    "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                    "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "data": {
                     *         "id": "8b6d3a0e-6d53-5a3e-9d1c-0a8f2f6f3a11",
                     *         "changes": [
                     *           {
                     *             "at": "2021-01-02T10:00:00.000Z",
                     *             "run": 1441,
                     *             "kind": "changed",
                     *             "before": {
                     *               "title": "The Night Tram",
                     *               "sold_out": false
                     *             },
                     *             "after": {
                     *               "title": "The Last Night Tram",
                     *               "sold_out": true
                     *             }
                     *           }
                     *         ],
                     *         "next_cursor": null
                     *       },
                     *       "error": null
                     *     }
                     */
                    "application/json": components["schemas"]["HistoryAnswer"];
                };
            };
            /** @description `If-None-Match` names the `ETag`: the page is the same as before. */
            304: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "Marquee-Catalogue": components["headers"]["Marquee-Catalogue"];
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Strict-Transport-Security": components["headers"]["Strict-Transport-Security"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    Vary: components["headers"]["Vary"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    RateLimit: components["headers"]["RateLimit"];
                    "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                    "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Error400-8"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            404: components["responses"]["Error404"];
            405: components["responses"]["Error405"];
            408: components["responses"]["Error408"];
            410: components["responses"]["Error410-2"];
            412: components["responses"]["Error412"];
            414: components["responses"]["Error414"];
            417: components["responses"]["Error417"];
            429: components["responses"]["Error429"];
            431: components["responses"]["Error431"];
            500: components["responses"]["Error500"];
            501: components["responses"]["Error501"];
            503: components["responses"]["Error503-6"];
            505: components["responses"]["Error505"];
            default: components["responses"]["OtherError"];
        };
    };
    listChanges: {
        parameters: {
            query?: {
                /** @description The `token` of the answer before, or `now` for what changes from now on. If it is absent, the changes begin with the empty catalogue: every event is `new`. */
                since?: string;
                /** @description Only events of this provider. */
                provider?: string;
                /** @description Changes on a page, 100 if it is absent. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The changes; the list may be empty. A stream has no `ETag`. */
            200: {
                headers: {
                    /** @description The tag of the body: send it back as `If-None-Match`. That of events is strong, the same on every worker and host, and depends on the selected events only; a gzipped answer has a tag of its own, which ends in `-gz`. */
                    ETag?: string;
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "Marquee-Catalogue": components["headers"]["Marquee-Catalogue"];
                    "Content-Encoding": components["headers"]["Content-Encoding"];
                    /** @description Asks a proxy such as nginx to pass each message on at once. */
                    "X-Accel-Buffering"?: string;
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Strict-Transport-Security": components["headers"]["Strict-Transport-Security"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    Vary: components["headers"]["Vary"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    RateLimit: components["headers"]["RateLimit"];
                    "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                    "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "data": {
                     *         "changes": [
                     *           {
                     *             "change": "new",
                     *             "id": "8b6d3a0e-6d53-5a3e-9d1c-0a8f2f6f3a11",
                     *             "event": {
                     *               "id": "8b6d3a0e-6d53-5a3e-9d1c-0a8f2f6f3a11",
                     *               "title": "The Night Tram",
                     *               "start_date": "2021-02-10",
                     *               "start_time": "20:00:00",
                     *               "end_date": "2021-02-10",
                     *               "end_time": "21:30:00",
                     *               "min_price": 55,
                     *               "max_price": 55,
                     *               "starts_at": "2021-02-10T19:00:00Z",
                     *               "ends_at": "2021-02-10T20:30:00Z",
                     *               "time_zone": "Europe/Madrid",
                     *               "provider": "fever",
                     *               "base_id": "291",
                     *               "plan_id": "1642",
                     *               "sell_mode": "online",
                     *               "sell_from": "2021-01-01T00:00:00",
                     *               "sell_to": null,
                     *               "sold_out": false,
                     *               "capacity": 240,
                     *               "listed": true,
                     *               "status": "scheduled"
                     *             }
                     *           }
                     *         ],
                     *         "token": "AQAAAAAAACojXquBAAAAAAA5ICrJbqYFg9kAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAADd6o2R",
                     *         "token_seconds": null,
                     *         "has_more": false
                     *       },
                     *       "error": null
                     *     }
                     */
                    "application/json": components["schemas"]["Changes"];
                    /**
                     * @example retry: 2000
                     *
                     *     id: AQAAAAAAACojXquBAAAAAAA5ICrJbqYFg9kAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAADd6o2R
                     *     data: {"changes":[{"change":"new","id":"8b6d3a0e-6d53-5a3e-9d1c-0a8f2f6f3a11","event":{"id":"8b6d3a0e-6d53-5a3e-9d1c-0a8f2f6f3a11","title":"The Night Tram","start_date":"2021-02-10","start_time":"20:00:00","end_date":"2021-02-10","end_time":"21:30:00","min_price":55,"max_price":55,"starts_at":"2021-02-10T19:00:00Z","ends_at":"2021-02-10T20:30:00Z","time_zone":"Europe/Madrid","provider":"fever","base_id":"291","plan_id":"1642","sell_mode":"online","sell_from":"2021-01-01T00:00:00","sell_to":null,"sold_out":false,"capacity":240,"listed":true,"status":"scheduled"}}],"token":"AQAAAAAAACojXquBAAAAAAA5ICrJbqYFg9kAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAADd6o2R","token_seconds":null,"has_more":false}
                     */
                    "text/event-stream": string;
                };
            };
            /** @description `If-None-Match` names the `ETag`: the page is the same as before. */
            304: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "Marquee-Catalogue": components["headers"]["Marquee-Catalogue"];
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Strict-Transport-Security": components["headers"]["Strict-Transport-Security"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    Vary: components["headers"]["Vary"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    RateLimit: components["headers"]["RateLimit"];
                    "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                    "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Error400-9"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            405: components["responses"]["Error405"];
            408: components["responses"]["Error408"];
            410: components["responses"]["Error410-3"];
            412: components["responses"]["Error412"];
            414: components["responses"]["Error414"];
            417: components["responses"]["Error417"];
            429: components["responses"]["Error429"];
            431: components["responses"]["Error431"];
            500: components["responses"]["Error500"];
            501: components["responses"]["Error501"];
            503: components["responses"]["Error503-7"];
            505: components["responses"]["Error505"];
            default: components["responses"]["OtherError"];
        };
    };
    listChangesHead: {
        parameters: {
            query?: {
                /** @description The `token` of the answer before, or `now` for what changes from now on. If it is absent, the changes begin with the empty catalogue: every event is `new`. */
                since?: string;
                /** @description Only events of this provider. */
                provider?: string;
                /** @description Changes on a page, 100 if it is absent. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The changes; the list may be empty. A stream has no `ETag`. */
            200: {
                headers: {
                    /** @description The tag of the body: send it back as `If-None-Match`. That of events is strong, the same on every worker and host, and depends on the selected events only; a gzipped answer has a tag of its own, which ends in `-gz`. */
                    ETag?: string;
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "Marquee-Catalogue": components["headers"]["Marquee-Catalogue"];
                    "Content-Encoding": components["headers"]["Content-Encoding"];
                    /** @description Asks a proxy such as nginx to pass each message on at once. */
                    "X-Accel-Buffering"?: string;
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Strict-Transport-Security": components["headers"]["Strict-Transport-Security"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    Vary: components["headers"]["Vary"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    RateLimit: components["headers"]["RateLimit"];
                    "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                    "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "data": {
                     *         "changes": [
                     *           {
                     *             "change": "new",
                     *             "id": "8b6d3a0e-6d53-5a3e-9d1c-0a8f2f6f3a11",
                     *             "event": {
                     *               "id": "8b6d3a0e-6d53-5a3e-9d1c-0a8f2f6f3a11",
                     *               "title": "The Night Tram",
                     *               "start_date": "2021-02-10",
                     *               "start_time": "20:00:00",
                     *               "end_date": "2021-02-10",
                     *               "end_time": "21:30:00",
                     *               "min_price": 55,
                     *               "max_price": 55,
                     *               "starts_at": "2021-02-10T19:00:00Z",
                     *               "ends_at": "2021-02-10T20:30:00Z",
                     *               "time_zone": "Europe/Madrid",
                     *               "provider": "fever",
                     *               "base_id": "291",
                     *               "plan_id": "1642",
                     *               "sell_mode": "online",
                     *               "sell_from": "2021-01-01T00:00:00",
                     *               "sell_to": null,
                     *               "sold_out": false,
                     *               "capacity": 240,
                     *               "listed": true,
                     *               "status": "scheduled"
                     *             }
                     *           }
                     *         ],
                     *         "token": "AQAAAAAAACojXquBAAAAAAA5ICrJbqYFg9kAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAADd6o2R",
                     *         "token_seconds": null,
                     *         "has_more": false
                     *       },
                     *       "error": null
                     *     }
                     */
                    "application/json": components["schemas"]["Changes"];
                    /**
                     * @example retry: 2000
                     *
                     *     id: AQAAAAAAACojXquBAAAAAAA5ICrJbqYFg9kAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAADd6o2R
                     *     data: {"changes":[{"change":"new","id":"8b6d3a0e-6d53-5a3e-9d1c-0a8f2f6f3a11","event":{"id":"8b6d3a0e-6d53-5a3e-9d1c-0a8f2f6f3a11","title":"The Night Tram","start_date":"2021-02-10","start_time":"20:00:00","end_date":"2021-02-10","end_time":"21:30:00","min_price":55,"max_price":55,"starts_at":"2021-02-10T19:00:00Z","ends_at":"2021-02-10T20:30:00Z","time_zone":"Europe/Madrid","provider":"fever","base_id":"291","plan_id":"1642","sell_mode":"online","sell_from":"2021-01-01T00:00:00","sell_to":null,"sold_out":false,"capacity":240,"listed":true,"status":"scheduled"}}],"token":"AQAAAAAAACojXquBAAAAAAA5ICrJbqYFg9kAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAADd6o2R","token_seconds":null,"has_more":false}
                     */
                    "text/event-stream": string;
                };
            };
            /** @description `If-None-Match` names the `ETag`: the page is the same as before. */
            304: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "Marquee-Catalogue": components["headers"]["Marquee-Catalogue"];
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Strict-Transport-Security": components["headers"]["Strict-Transport-Security"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    Vary: components["headers"]["Vary"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    RateLimit: components["headers"]["RateLimit"];
                    "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                    "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Error400-9"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            405: components["responses"]["Error405"];
            408: components["responses"]["Error408"];
            410: components["responses"]["Error410-3"];
            412: components["responses"]["Error412"];
            414: components["responses"]["Error414"];
            417: components["responses"]["Error417"];
            429: components["responses"]["Error429"];
            431: components["responses"]["Error431"];
            500: components["responses"]["Error500"];
            501: components["responses"]["Error501"];
            503: components["responses"]["Error503-7"];
            505: components["responses"]["Error505"];
            default: components["responses"]["OtherError"];
        };
    };
    listRpdeEvents: {
        parameters: {
            query?: {
                /** @description Items that changed later than this. If it is absent, the feed begins with its first item. */
                afterChangeNumber?: number;
                /** @description Whose change numbers they are. It is part of `next`. */
                archive?: string;
                /** @description Items on a page, 500 if it is absent. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The page; the last one has no items. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "Marquee-Catalogue": components["headers"]["Marquee-Catalogue"];
                    "Content-Encoding": components["headers"]["Content-Encoding"];
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Strict-Transport-Security": components["headers"]["Strict-Transport-Security"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    Vary: components["headers"]["Vary"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    RateLimit: components["headers"]["RateLimit"];
                    "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                    "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "next": "https://events.example/rpde/events?afterChangeNumber=57&archive=6cb5a681",
                     *       "items": [
                     *         {
                     *           "state": "updated",
                     *           "kind": "Event",
                     *           "id": "8b6d3a0e-6d53-5a3e-9d1c-0a8f2f6f3a11",
                     *           "modified": 57,
                     *           "data": {
                     *             "@context": "https://schema.org",
                     *             "@type": "Event",
                     *             "identifier": "8b6d3a0e-6d53-5a3e-9d1c-0a8f2f6f3a11",
                     *             "name": "The Night Tram",
                     *             "startDate": "2021-02-10T19:00:00Z",
                     *             "endDate": "2021-02-10T20:30:00Z",
                     *             "eventStatus": "https://schema.org/EventScheduled",
                     *             "superEvent": {
                     *               "@type": "Event",
                     *               "identifier": "291"
                     *             },
                     *             "offers": [
                     *               {
                     *                 "@type": "AggregateOffer",
                     *                 "identifier": "8b6d3a0e-6d53-5a3e-9d1c-0a8f2f6f3a11#offer",
                     *                 "lowPrice": 55,
                     *                 "highPrice": 55,
                     *                 "availability": "https://schema.org/InStock"
                     *               }
                     *             ]
                     *           }
                     *         }
                     *       ],
                     *       "license": "https://creativecommons.org/licenses/by/4.0/"
                     *     }
                     */
                    "application/json": components["schemas"]["RpdePage"];
                };
            };
            /** @description `If-None-Match` names the `ETag`: the page is the same as before. */
            304: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "Marquee-Catalogue": components["headers"]["Marquee-Catalogue"];
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Strict-Transport-Security": components["headers"]["Strict-Transport-Security"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    Vary: components["headers"]["Vary"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    RateLimit: components["headers"]["RateLimit"];
                    "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                    "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Error400-10"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            405: components["responses"]["Error405"];
            408: components["responses"]["Error408"];
            410: components["responses"]["Error410-3"];
            412: components["responses"]["Error412"];
            414: components["responses"]["Error414"];
            417: components["responses"]["Error417"];
            429: components["responses"]["Error429"];
            431: components["responses"]["Error431"];
            500: components["responses"]["Error500"];
            501: components["responses"]["Error501"];
            503: components["responses"]["Error503-8"];
            505: components["responses"]["Error505"];
            default: components["responses"]["OtherError"];
        };
    };
    listRpdeEventsHead: {
        parameters: {
            query?: {
                /** @description Items that changed later than this. If it is absent, the feed begins with its first item. */
                afterChangeNumber?: number;
                /** @description Whose change numbers they are. It is part of `next`. */
                archive?: string;
                /** @description Items on a page, 500 if it is absent. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The page; the last one has no items. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "Marquee-Catalogue": components["headers"]["Marquee-Catalogue"];
                    "Content-Encoding": components["headers"]["Content-Encoding"];
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Strict-Transport-Security": components["headers"]["Strict-Transport-Security"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    Vary: components["headers"]["Vary"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    RateLimit: components["headers"]["RateLimit"];
                    "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                    "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "next": "https://events.example/rpde/events?afterChangeNumber=57&archive=6cb5a681",
                     *       "items": [
                     *         {
                     *           "state": "updated",
                     *           "kind": "Event",
                     *           "id": "8b6d3a0e-6d53-5a3e-9d1c-0a8f2f6f3a11",
                     *           "modified": 57,
                     *           "data": {
                     *             "@context": "https://schema.org",
                     *             "@type": "Event",
                     *             "identifier": "8b6d3a0e-6d53-5a3e-9d1c-0a8f2f6f3a11",
                     *             "name": "The Night Tram",
                     *             "startDate": "2021-02-10T19:00:00Z",
                     *             "endDate": "2021-02-10T20:30:00Z",
                     *             "eventStatus": "https://schema.org/EventScheduled",
                     *             "superEvent": {
                     *               "@type": "Event",
                     *               "identifier": "291"
                     *             },
                     *             "offers": [
                     *               {
                     *                 "@type": "AggregateOffer",
                     *                 "identifier": "8b6d3a0e-6d53-5a3e-9d1c-0a8f2f6f3a11#offer",
                     *                 "lowPrice": 55,
                     *                 "highPrice": 55,
                     *                 "availability": "https://schema.org/InStock"
                     *               }
                     *             ]
                     *           }
                     *         }
                     *       ],
                     *       "license": "https://creativecommons.org/licenses/by/4.0/"
                     *     }
                     */
                    "application/json": components["schemas"]["RpdePage"];
                };
            };
            /** @description `If-None-Match` names the `ETag`: the page is the same as before. */
            304: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "Marquee-Catalogue": components["headers"]["Marquee-Catalogue"];
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Strict-Transport-Security": components["headers"]["Strict-Transport-Security"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    Vary: components["headers"]["Vary"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    RateLimit: components["headers"]["RateLimit"];
                    "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                    "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Error400-10"];
            401: components["responses"]["Error401"];
            403: components["responses"]["Error403"];
            405: components["responses"]["Error405"];
            408: components["responses"]["Error408"];
            410: components["responses"]["Error410-3"];
            412: components["responses"]["Error412"];
            414: components["responses"]["Error414"];
            417: components["responses"]["Error417"];
            429: components["responses"]["Error429"];
            431: components["responses"]["Error431"];
            500: components["responses"]["Error500"];
            501: components["responses"]["Error501"];
            503: components["responses"]["Error503-8"];
            505: components["responses"]["Error505"];
            default: components["responses"]["OtherError"];
        };
    };
    getContract: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The contract. */
            200: {
                headers: {
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Strict-Transport-Security": components["headers"]["Strict-Transport-Security"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    Vary: components["headers"]["Vary"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    RateLimit: components["headers"]["RateLimit"];
                    "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                    "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "openapi": "3.1.1",
                     *       "info": {
                     *         "title": "Marquee",
                     *         "version": "0.1.0"
                     *       },
                     *       "paths": {}
                     *     }
                     */
                    "application/json": components["schemas"]["Contract"];
                };
            };
            400: components["responses"]["Error400-11"];
            405: components["responses"]["Error405"];
            408: components["responses"]["Error408"];
            414: components["responses"]["Error414"];
            417: components["responses"]["Error417"];
            429: components["responses"]["Error429"];
            431: components["responses"]["Error431"];
            500: components["responses"]["Error500"];
            501: components["responses"]["Error501"];
            503: components["responses"]["Error503-9"];
            505: components["responses"]["Error505"];
            default: components["responses"]["OtherError"];
        };
    };
    getContractHead: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The contract. */
            200: {
                headers: {
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Strict-Transport-Security": components["headers"]["Strict-Transport-Security"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    Vary: components["headers"]["Vary"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    RateLimit: components["headers"]["RateLimit"];
                    "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                    "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "openapi": "3.1.1",
                     *       "info": {
                     *         "title": "Marquee",
                     *         "version": "0.1.0"
                     *       },
                     *       "paths": {}
                     *     }
                     */
                    "application/json": components["schemas"]["Contract"];
                };
            };
            400: components["responses"]["Error400-11"];
            405: components["responses"]["Error405"];
            408: components["responses"]["Error408"];
            414: components["responses"]["Error414"];
            417: components["responses"]["Error417"];
            429: components["responses"]["Error429"];
            431: components["responses"]["Error431"];
            500: components["responses"]["Error500"];
            501: components["responses"]["Error501"];
            503: components["responses"]["Error503-9"];
            505: components["responses"]["Error505"];
            default: components["responses"]["OtherError"];
        };
    };
    showDocumentation: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The page. */
            200: {
                headers: {
                    "Content-Security-Policy": components["headers"]["Content-Security-Policy"];
                    "Referrer-Policy": components["headers"]["Referrer-Policy"];
                    "Cross-Origin-Resource-Policy": components["headers"]["Cross-Origin-Resource-Policy"];
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Strict-Transport-Security": components["headers"]["Strict-Transport-Security"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    Vary: components["headers"]["Vary"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    RateLimit: components["headers"]["RateLimit"];
                    "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                    "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                    [name: string]: unknown;
                };
                content: {
                    /** @example <!doctype html><html lang="en">…</html> */
                    "text/html": string;
                };
            };
            400: components["responses"]["Error400-11"];
            405: components["responses"]["Error405"];
            408: components["responses"]["Error408"];
            414: components["responses"]["Error414"];
            417: components["responses"]["Error417"];
            429: components["responses"]["Error429"];
            431: components["responses"]["Error431"];
            500: components["responses"]["Error500"];
            501: components["responses"]["Error501"];
            503: components["responses"]["Error503-9"];
            505: components["responses"]["Error505"];
            default: components["responses"]["OtherError"];
        };
    };
    showDocumentationHead: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The page. */
            200: {
                headers: {
                    "Content-Security-Policy": components["headers"]["Content-Security-Policy"];
                    "Referrer-Policy": components["headers"]["Referrer-Policy"];
                    "Cross-Origin-Resource-Policy": components["headers"]["Cross-Origin-Resource-Policy"];
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Strict-Transport-Security": components["headers"]["Strict-Transport-Security"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    Vary: components["headers"]["Vary"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    RateLimit: components["headers"]["RateLimit"];
                    "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                    "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                    [name: string]: unknown;
                };
                content: {
                    /** @example <!doctype html><html lang="en">…</html> */
                    "text/html": string;
                };
            };
            400: components["responses"]["Error400-11"];
            405: components["responses"]["Error405"];
            408: components["responses"]["Error408"];
            414: components["responses"]["Error414"];
            417: components["responses"]["Error417"];
            429: components["responses"]["Error429"];
            431: components["responses"]["Error431"];
            500: components["responses"]["Error500"];
            501: components["responses"]["Error501"];
            503: components["responses"]["Error503-9"];
            505: components["responses"]["Error505"];
            default: components["responses"]["OtherError"];
        };
    };
    showSearchPage: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The page. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "Content-Encoding": components["headers"]["Content-Encoding"];
                    "Content-Security-Policy": components["headers"]["Content-Security-Policy"];
                    "Referrer-Policy": components["headers"]["Referrer-Policy"];
                    "Cross-Origin-Resource-Policy": components["headers"]["Cross-Origin-Resource-Policy"];
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Strict-Transport-Security": components["headers"]["Strict-Transport-Security"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    Vary: components["headers"]["Vary"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    RateLimit: components["headers"]["RateLimit"];
                    "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                    "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                    [name: string]: unknown;
                };
                content: {
                    /** @example <!doctype html><html lang="en">…</html> */
                    "text/html": string;
                };
            };
            /** @description `If-None-Match` names the `ETag`: the file is the same as before. */
            304: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "Content-Security-Policy": components["headers"]["Content-Security-Policy"];
                    "Referrer-Policy": components["headers"]["Referrer-Policy"];
                    "Cross-Origin-Resource-Policy": components["headers"]["Cross-Origin-Resource-Policy"];
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Strict-Transport-Security": components["headers"]["Strict-Transport-Security"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    Vary: components["headers"]["Vary"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    RateLimit: components["headers"]["RateLimit"];
                    "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                    "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Error400-11"];
            405: components["responses"]["Error405"];
            408: components["responses"]["Error408"];
            414: components["responses"]["Error414"];
            417: components["responses"]["Error417"];
            429: components["responses"]["Error429"];
            431: components["responses"]["Error431"];
            500: components["responses"]["Error500"];
            501: components["responses"]["Error501"];
            503: components["responses"]["Error503-9"];
            505: components["responses"]["Error505"];
            default: components["responses"]["OtherError"];
        };
    };
    showSearchPageHead: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The page. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "Content-Encoding": components["headers"]["Content-Encoding"];
                    "Content-Security-Policy": components["headers"]["Content-Security-Policy"];
                    "Referrer-Policy": components["headers"]["Referrer-Policy"];
                    "Cross-Origin-Resource-Policy": components["headers"]["Cross-Origin-Resource-Policy"];
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Strict-Transport-Security": components["headers"]["Strict-Transport-Security"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    Vary: components["headers"]["Vary"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    RateLimit: components["headers"]["RateLimit"];
                    "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                    "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                    [name: string]: unknown;
                };
                content: {
                    /** @example <!doctype html><html lang="en">…</html> */
                    "text/html": string;
                };
            };
            /** @description `If-None-Match` names the `ETag`: the file is the same as before. */
            304: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "Content-Security-Policy": components["headers"]["Content-Security-Policy"];
                    "Referrer-Policy": components["headers"]["Referrer-Policy"];
                    "Cross-Origin-Resource-Policy": components["headers"]["Cross-Origin-Resource-Policy"];
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Strict-Transport-Security": components["headers"]["Strict-Transport-Security"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    Vary: components["headers"]["Vary"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    RateLimit: components["headers"]["RateLimit"];
                    "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                    "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Error400-11"];
            405: components["responses"]["Error405"];
            408: components["responses"]["Error408"];
            414: components["responses"]["Error414"];
            417: components["responses"]["Error417"];
            429: components["responses"]["Error429"];
            431: components["responses"]["Error431"];
            500: components["responses"]["Error500"];
            501: components["responses"]["Error501"];
            503: components["responses"]["Error503-9"];
            505: components["responses"]["Error505"];
            default: components["responses"]["OtherError"];
        };
    };
    getPageFile: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The name of the file. */
                file: "search.js" | "icon.svg";
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The file. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "Content-Encoding": components["headers"]["Content-Encoding"];
                    "Content-Security-Policy": components["headers"]["Content-Security-Policy"];
                    "Referrer-Policy": components["headers"]["Referrer-Policy"];
                    "Cross-Origin-Resource-Policy": components["headers"]["Cross-Origin-Resource-Policy"];
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Strict-Transport-Security": components["headers"]["Strict-Transport-Security"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    Vary: components["headers"]["Vary"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    RateLimit: components["headers"]["RateLimit"];
                    "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                    "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                    [name: string]: unknown;
                };
                content: {
                    /** @example const module0 = … */
                    "text/javascript": string;
                    /** @example <svg xmlns="http://www.w3.org/2000/svg"/> */
                    "image/svg+xml": string;
                };
            };
            /** @description `If-None-Match` names the `ETag`: the file is the same as before. */
            304: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "Content-Security-Policy": components["headers"]["Content-Security-Policy"];
                    "Referrer-Policy": components["headers"]["Referrer-Policy"];
                    "Cross-Origin-Resource-Policy": components["headers"]["Cross-Origin-Resource-Policy"];
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Strict-Transport-Security": components["headers"]["Strict-Transport-Security"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    Vary: components["headers"]["Vary"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    RateLimit: components["headers"]["RateLimit"];
                    "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                    "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Error400-11"];
            404: components["responses"]["Error404-2"];
            405: components["responses"]["Error405"];
            408: components["responses"]["Error408"];
            414: components["responses"]["Error414"];
            417: components["responses"]["Error417"];
            429: components["responses"]["Error429"];
            431: components["responses"]["Error431"];
            500: components["responses"]["Error500"];
            501: components["responses"]["Error501"];
            503: components["responses"]["Error503-9"];
            505: components["responses"]["Error505"];
            default: components["responses"]["OtherError"];
        };
    };
    getPageFileHead: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The name of the file. */
                file: "search.js" | "icon.svg";
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The file. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "Content-Encoding": components["headers"]["Content-Encoding"];
                    "Content-Security-Policy": components["headers"]["Content-Security-Policy"];
                    "Referrer-Policy": components["headers"]["Referrer-Policy"];
                    "Cross-Origin-Resource-Policy": components["headers"]["Cross-Origin-Resource-Policy"];
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Strict-Transport-Security": components["headers"]["Strict-Transport-Security"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    Vary: components["headers"]["Vary"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    RateLimit: components["headers"]["RateLimit"];
                    "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                    "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                    [name: string]: unknown;
                };
                content: {
                    /** @example const module0 = … */
                    "text/javascript": string;
                    /** @example <svg xmlns="http://www.w3.org/2000/svg"/> */
                    "image/svg+xml": string;
                };
            };
            /** @description `If-None-Match` names the `ETag`: the file is the same as before. */
            304: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "Content-Security-Policy": components["headers"]["Content-Security-Policy"];
                    "Referrer-Policy": components["headers"]["Referrer-Policy"];
                    "Cross-Origin-Resource-Policy": components["headers"]["Cross-Origin-Resource-Policy"];
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Strict-Transport-Security": components["headers"]["Strict-Transport-Security"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    Vary: components["headers"]["Vary"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    RateLimit: components["headers"]["RateLimit"];
                    "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                    "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Error400-11"];
            404: components["responses"]["Error404-2"];
            405: components["responses"]["Error405"];
            408: components["responses"]["Error408"];
            414: components["responses"]["Error414"];
            417: components["responses"]["Error417"];
            429: components["responses"]["Error429"];
            431: components["responses"]["Error431"];
            500: components["responses"]["Error500"];
            501: components["responses"]["Error501"];
            503: components["responses"]["Error503-9"];
            505: components["responses"]["Error505"];
            default: components["responses"]["OtherError"];
        };
    };
    getDocumentationFile: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The name of the file. */
                file: "swagger-ui.css" | "swagger-ui-bundle.js" | "favicon-32x32.png" | "show-contract.css" | "show-contract.js";
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The file. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "Last-Modified": components["headers"]["Last-Modified"];
                    "Content-Security-Policy": components["headers"]["Content-Security-Policy"];
                    "Referrer-Policy": components["headers"]["Referrer-Policy"];
                    "Cross-Origin-Resource-Policy": components["headers"]["Cross-Origin-Resource-Policy"];
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Strict-Transport-Security": components["headers"]["Strict-Transport-Security"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    Vary: components["headers"]["Vary"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    RateLimit: components["headers"]["RateLimit"];
                    "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                    "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                    [name: string]: unknown;
                };
                content: {
                    /** @example .swagger-ui {} */
                    "text/css": string;
                    /** @example SwaggerUIBundle = {} */
                    "text/javascript": string;
                    /** @example  */
                    "image/png": string;
                };
            };
            /** @description The file is the same as before. */
            304: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "Last-Modified": components["headers"]["Last-Modified"];
                    "Content-Security-Policy": components["headers"]["Content-Security-Policy"];
                    "Referrer-Policy": components["headers"]["Referrer-Policy"];
                    "Cross-Origin-Resource-Policy": components["headers"]["Cross-Origin-Resource-Policy"];
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Strict-Transport-Security": components["headers"]["Strict-Transport-Security"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    Vary: components["headers"]["Vary"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    RateLimit: components["headers"]["RateLimit"];
                    "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                    "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Error400-11"];
            404: components["responses"]["Error404-2"];
            405: components["responses"]["Error405"];
            408: components["responses"]["Error408"];
            414: components["responses"]["Error414"];
            417: components["responses"]["Error417"];
            429: components["responses"]["Error429"];
            431: components["responses"]["Error431"];
            500: components["responses"]["Error500"];
            501: components["responses"]["Error501"];
            503: components["responses"]["Error503-9"];
            505: components["responses"]["Error505"];
            default: components["responses"]["OtherError"];
        };
    };
    getDocumentationFileHead: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The name of the file. */
                file: "swagger-ui.css" | "swagger-ui-bundle.js" | "favicon-32x32.png" | "show-contract.css" | "show-contract.js";
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The file. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "Last-Modified": components["headers"]["Last-Modified"];
                    "Content-Security-Policy": components["headers"]["Content-Security-Policy"];
                    "Referrer-Policy": components["headers"]["Referrer-Policy"];
                    "Cross-Origin-Resource-Policy": components["headers"]["Cross-Origin-Resource-Policy"];
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Strict-Transport-Security": components["headers"]["Strict-Transport-Security"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    Vary: components["headers"]["Vary"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    RateLimit: components["headers"]["RateLimit"];
                    "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                    "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                    [name: string]: unknown;
                };
                content: {
                    /** @example .swagger-ui {} */
                    "text/css": string;
                    /** @example SwaggerUIBundle = {} */
                    "text/javascript": string;
                    /** @example  */
                    "image/png": string;
                };
            };
            /** @description The file is the same as before. */
            304: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "Last-Modified": components["headers"]["Last-Modified"];
                    "Content-Security-Policy": components["headers"]["Content-Security-Policy"];
                    "Referrer-Policy": components["headers"]["Referrer-Policy"];
                    "Cross-Origin-Resource-Policy": components["headers"]["Cross-Origin-Resource-Policy"];
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Strict-Transport-Security": components["headers"]["Strict-Transport-Security"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    Vary: components["headers"]["Vary"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    RateLimit: components["headers"]["RateLimit"];
                    "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                    "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Error400-11"];
            404: components["responses"]["Error404-2"];
            405: components["responses"]["Error405"];
            408: components["responses"]["Error408"];
            414: components["responses"]["Error414"];
            417: components["responses"]["Error417"];
            429: components["responses"]["Error429"];
            431: components["responses"]["Error431"];
            500: components["responses"]["Error500"];
            501: components["responses"]["Error501"];
            503: components["responses"]["Error503-9"];
            505: components["responses"]["Error505"];
            default: components["responses"]["OtherError"];
        };
    };
}
