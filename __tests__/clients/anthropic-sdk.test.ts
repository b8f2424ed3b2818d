import { HOSTS, openGateSite, useClientSite } from "../support/client-site";
import { ANTHROPICS } from "../support/official-clients";
import { anthropicAnswers } from "./cases/anthropic-answers";
import { anthropicRefusals } from "./cases/anthropic-refusals";
import { anthropicTools } from "./cases/anthropic-tools";
import { anthropicWithheld } from "./cases/anthropic-withheld";

describe.each(HOSTS)("Through a gate on %s,", (_name, host) => {
  const site = useClientSite(() => openGateSite(host));

  describe.each(ANTHROPICS)("%s", (_version, Client) => {
    anthropicAnswers(Client, site);
    anthropicTools(Client, site);
    anthropicRefusals(Client, site);
    anthropicWithheld(Client, site);
  });
});
