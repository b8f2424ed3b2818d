/*
 * The two stock strategies, as far as they are used. Types of our own: what the packages bring or need would drag the
 * types of express, lodash and koa into ours. Nothing exported from here on mentions these modules.
 */
declare module "passport-http-bearer" {
  type Done = (error: unknown, user?: unknown, info?: unknown) => void;

  export class Strategy<Request = unknown> {
    name: string;
    constructor(verify: (token: string, done: Done) => unknown);
    constructor(
      options: { readonly passReqToCallback: true },
      verify: (request: Request, token: string, done: Done) => unknown,
    );
    authenticate(request: Request): void;
  }
}

declare module "passport-headerapikey" {
  type Done = (error: unknown, user?: unknown, info?: unknown) => void;

  export class HeaderAPIKeyStrategy<Request = unknown> {
    name: string;
    constructor(
      header: { header: string; prefix: string },
      passReqToCallback: boolean,
      verify: (apiKey: string, done: Done, request: Request) => unknown,
    );
    authenticate(request: Request): void;
  }
}
