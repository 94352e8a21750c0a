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
         * @description Lists the events that lie wholly in the range: they start at `starts_at` or later and end at `ends_at` or earlier. They are sorted by start, then by id. A missing bound leaves the range open. An event stays searchable after its provider stops listing it. Other parameters are ignored, and a header names them.
         */
        get: operations["searchEvents"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        /**
         * Lists the events of a time range: headers only
         * @description Lists the events that lie wholly in the range: they start at `starts_at` or later and end at `ends_at` or earlier. They are sorted by start, then by id. A missing bound leaves the range open. An event stays searchable after its provider stops listing it. Other parameters are ignored, and a header names them.
         */
        head: operations["searchEventsHead"];
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
         * Leads to the page
         * @description A redirection to `/docs`.
         */
        get: operations["redirectToDocumentation"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        /**
         * Leads to the page: headers only
         * @description A redirection to `/docs`.
         */
        head: operations["redirectToDocumentationHead"];
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
        ErrorCode: "instant_unreadable" | "date_impossible" | "time_impossible" | "parameter_repeated" | "parameter_unknown" | "range_reversed" | "escape_invalid" | "bad_request" | "not_found" | "method_not_allowed" | "request_timeout" | "precondition_failed" | "uri_too_long" | "expectation_failed" | "headers_too_large" | "internal" | "method_unknown" | "busy" | "http_version_unsupported";
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
        /** @description `instant_unreadable`: a bound has none of the forms of an instant, or is empty. `date_impossible`: a date is not in the calendar, such as 31 September. `time_impossible`: a time or an offset does not exist: 24:00:00, second 60 elsewhere than in a leap second, an offset of 24:00. `parameter_repeated`: a parameter is given twice. `parameter_unknown`: a parameter is not known; in /search only if SEARCH_STRICT is true and its name resembles a known one. `range_reversed`: starts_at lies after ends_at. `escape_invalid`: the percent-escapes of a parameter are not valid UTF-8. `bad_request`: the request is not valid HTTP/1.x, or has no Host or two. */
        Error400: {
            headers: {
                "Marquee-Ignored-Parameters": components["headers"]["Marquee-Ignored-Parameters"];
                "X-Request-Id": components["headers"]["X-Request-Id"];
                Vary: components["headers"]["Vary"];
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
                "X-Request-Id": components["headers"]["X-Request-Id"];
                Vary: components["headers"]["Vary"];
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
                "X-Request-Id": components["headers"]["X-Request-Id"];
                Vary: components["headers"]["Vary"];
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
                "X-Request-Id": components["headers"]["X-Request-Id"];
                Vary: components["headers"]["Vary"];
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
                "X-Request-Id": components["headers"]["X-Request-Id"];
                Vary: components["headers"]["Vary"];
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
                "X-Request-Id": components["headers"]["X-Request-Id"];
                Vary: components["headers"]["Vary"];
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
                "X-Request-Id": components["headers"]["X-Request-Id"];
                Vary: components["headers"]["Vary"];
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
                "X-Request-Id": components["headers"]["X-Request-Id"];
                Vary: components["headers"]["Vary"];
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
                "X-Request-Id": components["headers"]["X-Request-Id"];
                Vary: components["headers"]["Vary"];
                "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"];
            };
        };
        /** @description `busy`: the worker is overloaded, and this connection has used its share. */
        Error503: {
            headers: {
                "Retry-After": components["headers"]["Retry-After"];
                "Marquee-Ignored-Parameters": components["headers"]["Marquee-Ignored-Parameters"];
                "X-Request-Id": components["headers"]["X-Request-Id"];
                Vary: components["headers"]["Vary"];
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
                "X-Request-Id": components["headers"]["X-Request-Id"];
                Vary: components["headers"]["Vary"];
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
        /** @description `bad_request`: the request is not valid HTTP/1.x, or has no Host or two. */
        "Error400-2": {
            headers: {
                "Marquee-Ignored-Parameters": components["headers"]["Marquee-Ignored-Parameters"];
                "X-Request-Id": components["headers"]["X-Request-Id"];
                Vary: components["headers"]["Vary"];
                "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"];
            };
        };
        /** @description `not_found`: nothing is at this path. */
        Error404: {
            headers: {
                "Marquee-Ignored-Parameters": components["headers"]["Marquee-Ignored-Parameters"];
                "X-Request-Id": components["headers"]["X-Request-Id"];
                Vary: components["headers"]["Vary"];
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
        /** @description How current the data is, as a dictionary of RFC 9651: the version of the catalogue, the seconds since the snapshot store last confirmed that it is the current one, whether that store is out of reach (`stale=?1`), and `pinned` while an operator pins the version. */
        "Marquee-Catalogue": string;
        /** @description Present when the answer is gzipped. */
        "Content-Encoding": string;
        /** @description The names of parameters that were ignored, as they were sent, separated by commas; `...` stands for what is left out. Absent when all are known. */
        "Marquee-Ignored-Parameters": string;
        /** @description The id of the request in the logs: the client’s own if it has at most 128 letters, digits and any of `_ . : / + = -`. */
        "X-Request-Id": string;
        /** @description The request headers that the answer depends on. With a list in `CORS_ORIGINS` it includes `Origin`. */
        Vary: string;
        /** @description Present when `CORS_ORIGINS` allows the origin of the request. */
        "Access-Control-Allow-Origin": string;
        /** @description The headers that a page of another origin may read. */
        "Access-Control-Expose-Headers": string;
        /** @description The methods of the path. */
        Allow: string;
        /** @description Seconds to wait at least; add jitter. */
        "Retry-After": string;
        /** @description Where the page is. */
        Location: string;
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
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    Vary: components["headers"]["Vary"];
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
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    Vary: components["headers"]["Vary"];
                    "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                    "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Error400"];
            405: components["responses"]["Error405"];
            408: components["responses"]["Error408"];
            412: components["responses"]["Error412"];
            414: components["responses"]["Error414"];
            417: components["responses"]["Error417"];
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
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    Vary: components["headers"]["Vary"];
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
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    Vary: components["headers"]["Vary"];
                    "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                    "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Error400"];
            405: components["responses"]["Error405"];
            408: components["responses"]["Error408"];
            412: components["responses"]["Error412"];
            414: components["responses"]["Error414"];
            417: components["responses"]["Error417"];
            431: components["responses"]["Error431"];
            500: components["responses"]["Error500"];
            501: components["responses"]["Error501"];
            503: components["responses"]["Error503"];
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
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    Vary: components["headers"]["Vary"];
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
            400: components["responses"]["Error400-2"];
            405: components["responses"]["Error405"];
            408: components["responses"]["Error408"];
            414: components["responses"]["Error414"];
            417: components["responses"]["Error417"];
            431: components["responses"]["Error431"];
            500: components["responses"]["Error500"];
            501: components["responses"]["Error501"];
            503: components["responses"]["Error503"];
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
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    Vary: components["headers"]["Vary"];
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
            400: components["responses"]["Error400-2"];
            405: components["responses"]["Error405"];
            408: components["responses"]["Error408"];
            414: components["responses"]["Error414"];
            417: components["responses"]["Error417"];
            431: components["responses"]["Error431"];
            500: components["responses"]["Error500"];
            501: components["responses"]["Error501"];
            503: components["responses"]["Error503"];
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
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    Vary: components["headers"]["Vary"];
                    "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                    "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                    [name: string]: unknown;
                };
                content: {
                    /** @example <!doctype html><html lang="en">…</html> */
                    "text/html": string;
                };
            };
            400: components["responses"]["Error400-2"];
            405: components["responses"]["Error405"];
            408: components["responses"]["Error408"];
            414: components["responses"]["Error414"];
            417: components["responses"]["Error417"];
            431: components["responses"]["Error431"];
            500: components["responses"]["Error500"];
            501: components["responses"]["Error501"];
            503: components["responses"]["Error503"];
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
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    Vary: components["headers"]["Vary"];
                    "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                    "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                    [name: string]: unknown;
                };
                content: {
                    /** @example <!doctype html><html lang="en">…</html> */
                    "text/html": string;
                };
            };
            400: components["responses"]["Error400-2"];
            405: components["responses"]["Error405"];
            408: components["responses"]["Error408"];
            414: components["responses"]["Error414"];
            417: components["responses"]["Error417"];
            431: components["responses"]["Error431"];
            500: components["responses"]["Error500"];
            501: components["responses"]["Error501"];
            503: components["responses"]["Error503"];
            505: components["responses"]["Error505"];
            default: components["responses"]["OtherError"];
        };
    };
    redirectToDocumentation: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The page is at `/docs`. */
            302: {
                headers: {
                    Location: components["headers"]["Location"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    Vary: components["headers"]["Vary"];
                    "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                    "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                    [name: string]: unknown;
                };
                content: {
                    /** @example Found. Redirecting to /docs */
                    "text/plain": string;
                    /** @example <p>Found. Redirecting to /docs</p> */
                    "text/html": string;
                };
            };
            400: components["responses"]["Error400-2"];
            405: components["responses"]["Error405"];
            408: components["responses"]["Error408"];
            414: components["responses"]["Error414"];
            417: components["responses"]["Error417"];
            431: components["responses"]["Error431"];
            500: components["responses"]["Error500"];
            501: components["responses"]["Error501"];
            503: components["responses"]["Error503"];
            505: components["responses"]["Error505"];
            default: components["responses"]["OtherError"];
        };
    };
    redirectToDocumentationHead: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The page is at `/docs`. */
            302: {
                headers: {
                    Location: components["headers"]["Location"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    Vary: components["headers"]["Vary"];
                    "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                    "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                    [name: string]: unknown;
                };
                content: {
                    /** @example Found. Redirecting to /docs */
                    "text/plain": string;
                    /** @example <p>Found. Redirecting to /docs</p> */
                    "text/html": string;
                };
            };
            400: components["responses"]["Error400-2"];
            405: components["responses"]["Error405"];
            408: components["responses"]["Error408"];
            414: components["responses"]["Error414"];
            417: components["responses"]["Error417"];
            431: components["responses"]["Error431"];
            500: components["responses"]["Error500"];
            501: components["responses"]["Error501"];
            503: components["responses"]["Error503"];
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
                file: "swagger-ui.css" | "swagger-ui-bundle.js" | "favicon-32x32.png";
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
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    Vary: components["headers"]["Vary"];
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
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    Vary: components["headers"]["Vary"];
                    "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                    "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Error400-2"];
            404: components["responses"]["Error404"];
            405: components["responses"]["Error405"];
            408: components["responses"]["Error408"];
            414: components["responses"]["Error414"];
            417: components["responses"]["Error417"];
            431: components["responses"]["Error431"];
            500: components["responses"]["Error500"];
            501: components["responses"]["Error501"];
            503: components["responses"]["Error503"];
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
                file: "swagger-ui.css" | "swagger-ui-bundle.js" | "favicon-32x32.png";
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
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    Vary: components["headers"]["Vary"];
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
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    Vary: components["headers"]["Vary"];
                    "Access-Control-Allow-Origin": components["headers"]["Access-Control-Allow-Origin"];
                    "Access-Control-Expose-Headers": components["headers"]["Access-Control-Expose-Headers"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Error400-2"];
            404: components["responses"]["Error404"];
            405: components["responses"]["Error405"];
            408: components["responses"]["Error408"];
            414: components["responses"]["Error414"];
            417: components["responses"]["Error417"];
            431: components["responses"]["Error431"];
            500: components["responses"]["Error500"];
            501: components["responses"]["Error501"];
            503: components["responses"]["Error503"];
            505: components["responses"]["Error505"];
            default: components["responses"]["OtherError"];
        };
    };
}
