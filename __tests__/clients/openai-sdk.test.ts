import { HOSTS, openGateSite, useClientSite } from "../support/client-site";
import { openaiAnswers } from "./cases/openai-answers";
import { openaiRefusals } from "./cases/openai-refusals";
import { openaiTools } from "./cases/openai-tools";
import { openaiWithheld } from "./cases/openai-withheld";

describe.each(HOSTS)("The openai client through a gate on %s", (_name, host) => {
  const site = useClientSite(() => openGateSite(host));

  openaiAnswers(site);
  openaiTools(site);
  openaiRefusals(site);
  openaiWithheld(site);
});
