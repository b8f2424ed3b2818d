/** Names of services whose tokens are found by the name beside them, in lower case and without separators. */
const DISTINCT = `
  1password ably abuseipdb abyssale accuweather adafruit adobe adyen adzuna aeroworkflow aha airbnb airbrake
  airbyte airtable airvisual aiven alconost alegra aletheia aletheiaapi algolia alibaba alienvault allsports
  alpaca alphavantage amadeus ambee anthropic anypoint apacta api2cart apideck apiflash apifonica apify apilayer
  apimatic apimetrics apitemplate appcues appdynamics appfollow appointedd appsync appsynergy apptivo appveyor
  arbiscan artifactory artsy assemblyai atera atlassian audd auth0 authress autodesk autoklose avaza
  aviationstack axonaut aylien ayrshare azureappconfig azurebatch azurecontainerregistry azuredevops
  azurefunction azureopenai azuresas azuresearch azurestorage backblaze bannerbear baremetrics baseten bedrock
  beebole besnappy besttime betterstack bigquery billomat binance bitbar bitbucket bitcoinaverage bitfinex
  bitmex bitrise bitstamp bittrex blazemeter blitapp blizzard blocknative bombbomb boostnote borgbase braintree
  braintrust brandfetch braze brevo browserstack browshot bscscan buddyns budibase bugherd bugsnag buildkite
  bulksms buttercms bybit caflou calcom calendarific calendly calorieninja campayn canny capsulecrm captaindata
  carboninterface cashboard caspio censys centralstationcrm chargebee chartmogul checio checkly checkout checkvist
  cicero circleci clarifai clearbit clickhelp clickhouse clicksend clickup cliengo clientary clinchpad clipdrop
  clockify clojars cloudconvert cloudelements cloudflare cloudimage cloudinary cloudmersive cloudplan cloudsmith
  cloverly closecrm cloze clustdoc cockroachdb coda codacy codeclimate codecov codemagic codequiry codeship cohere
  coinapi coinbase coinlayer coinlib collect2 commercejs companyhub configcat confluent contentful
  conversiontools convertapi convertkit convier cosmosdb couchbase countrylayer coveralls craftmypdf crowdin
  cryptocompare currencycloud currencyfreaks currencylayer currencyscoop currentsapi customerio d7network
  dareboost databox databricks datadog datagov deepai deepgram deepl deepseek definednetworking detectify
  detectlanguage dfuse dhl diffbot diggernaut digitalocean dnscheck docparser documo docusign doordash doppler
  dotdigital dovico dronahq dropbox dropboxsign duffel duply dwolla dynalist dynatrace dyspatch eagleeyenetworks
  easyinsight easypost ecostruxureit edamam edenai elasticemail elevenlabs enablex endorlabs etherscan ethplorer
  etsy eventbrite everhour exchangerateapi exchangeratesapi expedia exportsdk extractorapi faceplusplus
  fastforex fastlane fastmail fauna faunadb fedex feedier fetchrss fibery figma filestack finage
  financialmodelingprep findl finicity finnhub firebase fireflies fireworks fivetran fixerio flagsmith flatio
  fleetbase flexport flightapi flightlabs flightstats flowflu flutterwave flyio fmfw formbucket formcraft
  formsite foursquare frameio freemius freshbooks freshdesk freshworks fullstory fxmarket geckoboard gengo
  geoapify geocodio getemail getemails getgeo getgeoapi getgist getresponse getsandbox getstream gitter
  glassnode gocanvas gocardless godaddy goodday googlemaps grafana graphcms graphhopper groovehq groq grubhub
  gtmetrix guardianapi gumroad gyazo happyscribe hellosign helpcrunch helpscout hereapi heroku hetzner heygen
  hightouch hiveage holidayapi honeybadger hotjar html2pdf hubspot huggingface hybiscus hypertrack iconfinder
  ideogram iex iexapis iexcloud imagekit imagga imgix influxdb infracost infura inngest insightly instacart
  instamojo instana interseller intra42 intrinio invoiceocean ip2location ipapi ipgeolocation ipify ipinfo
  ipinfodb ipquality ipstack jfrog jina jotform jumpcloud jupiterone juro kanbantool karmacrm keenio kickbox
  klarna klaviyo klipfolio knapsackpro kontent kucoin kylas langfuse langsmith languagelayer lastfm launchdarkly
  leadfeeder leankit lemlist lemonsqueezy lendflow lessannoyingcrm lexigram lightstep linkpreview linode lithic
  liveagent livekit livestorm loadmill locationiq loggly loginradius logrocket logzio lokalise loyverse
  lunchmoney luno lyft m3o madkudu magicbell mailboxlayer mailchimp mailerlite mailgun mailjet mailmodo mailsac
  mandrill mapbox mapquest marketstack marqeta matomo mattermost mavenlink maxmind meaningcloud mediastack
  meetup meilisearch meistertask meraki mesibo messagebird metaapi metabase metrilo midjourney milvus
  mindmeister mistral mixmax mixpanel mockaroo mollie monkeylearn moonclerk moonpay moosend moralis mrticktock
  musixmatch myintervals nasdaqdatalink nethunt netlify netsuite neutrino neutrinoapi newrelic newsapi
  newscatcher nexmo nftport ngc ngrok nicereply nightfall nozbeteams nuget nutritionix nvapi nvidia nylas
  nytimes oanda okta okx omdb omnisend onelogin onepagecrm onesignal onfleet openai opencage openrouter
  openshift openuv openvpn openweather openweathermap opsgenie optimizely ovh packagecloud paddle pagarme
  pagerduty pandadoc pandascore paperform paperspace paralleldots parsehub partnerstack pastebin paydirtapp
  paymoapp paymongo paypal paystack pdflayer pdfshift peopledatalabs pepipost perplexity pganalyze photoroom
  pinecone pinterest pipedream pipedrive pivotaltracker pixabay planetscale plausible playht plivo polls
  pollsapi poloniex polygonscan portainer positionstack postageapp posthog postman postmark powrbot prometheus
  propelauth prospectcrm protocolsio proxycrawl pubnub pulumi purestake pushbullet pypi pyxis qase qdrant
  qualaroo quandl qubole quicknode rapidapi rawg raygun razorpay reachmail reallysimplesystems rebrandly
  rechargepayments recurly redislabs redshift removebg rentman repairshopr replyio requestfinance resend
  restpack revai revampcrm revolut ringcentral ritekit robinhood roblox rocketreach rollbar rootly route4me
  rownd rubygems rudderstack runpod runrunit saladcloud salesblink salescookie salesflare salesforce salesloft
  salesmate sanity satismeter saucelabs scaleway scalingo scalr scrapeowl scraperapi scraperbox scrapestack
  scrapfly scrapingant scrapingbee screenshotapi scrutinizer securitytrails selectpdf sendbird sendgrid
  sendinblue serpapi serper serphouse serpstack settlemint sherpadesk shipday shippo shipstation shodan shopify
  shotstack sidekiq signalwire signnow signoz signupgenius sigopt simfin simplesat simplynoted simvoly sinch
  siteleaf skrappio skybiometry skyscanner smartsheets smartystreets smooch snapchat snowflake snyk solarwinds
  sonarcloud sonarqube soundcloud sourcegraph sparkpost spectralops speechify speechtext splunk spoonacular
  sportmonks sportsmonk squarespace sslmate statsig statuscake statuspage stitchdata stockdata storecove stormboard
  stormglass storyblok storychief strava streak stripo stytch sugester sumologic supabase supernotes
  supernotesapi surveyanyplace surveybot surveysparrow svix swiftype synctera tailscale tallyfy tatumio tavily
  taxjar teamcity teamgate tefter telnyx testflight testingbot textmagic theodds theoddsapi thinkific
  thousandeyes tickettailor tiingo tiktok timecamp timescale timezoneapi tmdb tmetric todoist tokeet tomorrowio
  tomtom tradier trakt transferwise travelpayouts tripadvisor trufflehog tumblr turso twelvedata twilio twitch
  tyntec typeform typesense ubidots uclassify unifyid unplugg unsplash upcdatabase uplead uploadcare upstash
  uptimerobot upwave urlscan userflow userstack usps vatlayer vbout vercel veriphone versioneye viewneo vimeo
  virustotal visualcrossing voicegain vonage voodoosms vouchery vpnapi vultr vyte walkscore wandb wasabi
  weatherbit weatherstack weaviate web3storage webex webflow websitepulse wepay whoxy witai wiz wolframalpha
  workos worksnaps workstack worldcoinindex xai xata xing yandex yelp ynab yodlee yousign zendesk zenkit zenrows
  zenscrape zenserp zeplin zerobounce zerotier zilliz zipapi zipbooks zipcode zipcodeapi zipcodebase zoho
  zohocrm zonkafeedback zulipchat
`;

/** Names that are also words of everyday language or of every other code base: they count for less. */
const COMMON = `
  8x8 abstract agora airship alchemy amplitude apollo asana assembly autopilot aws azure bamboo bandwidth beamer
  bitly blogger booking box buddy bulbul bunny cal cex chatbot chatfule chec chroma clerk clockwork close coin
  column commodities confluence convert convex copper courier currents customerguru daily dandelion debounce
  delighted demio deputy descope discord disqus ditto docker drone duo elastic elasticsearch enigma entra envoy
  epic eraser exa exchangerate exchangerates expo extractor facebook fastly fathom fileio flickr flight float
  formio front fulcrum gcp gemini genius geocode geocodify github gitlab gong google guardian guru harness
  harvest heap hive holiday holistic honeycomb humanity hunter ibm impala instabot intercom iterable
  jenkins jira june kanban kraken lambda lark leonardo line linear linkedin lob looker loops magnetic miro mite
  modal monday mongodb mux neon news nimble noticeable notion npm numverify octopus onedesk oopspam opensearch
  outreach overloop owlbot parsers percy phrase pinata plaid planyo podio polygon postbacks prefect privacy
  privateai prodpad pusher radar railway ramp rapid raven readme reddit refiner replicate riot roaring scraper
  screenshot screenshotlayer segment semaphore sentry sheety shortcut shutterstock signaturit sirv slack
  snipcart sonar split spotify square stability statuspal steam stripe sumo survicate swell tableau teams teamwork
  technicalanalysis telegram teletype temporal terraform ticketmaster timezone tines tly together toggl travis
  trello tru twist twitter typetalk uber unit unity unleash ups vagrant vast vault verimail webscraper
  webscraping wise wistia worldweather wrike youtube zapier zoom
`;

export const DISTINCT_SERVICES: ReadonlySet<string> = new Set(DISTINCT.trim().split(/\s+/));
export const COMMON_SERVICES: ReadonlySet<string> = new Set(COMMON.trim().split(/\s+/));
