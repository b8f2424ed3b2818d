import { randomUUID } from "node:crypto";
import type { AdminTransaction } from "../../lib/ports/store";
import { frozenCopy } from "./frozen-copy";
import { memoryKeys } from "./memory-keys";
import { memoryUsers } from "./memory-users";
import { assertOrganization, ownedBy, pageOf, recordChange, type MemoryState } from "./memory-state";

/** The mutations, on a copy of the state that nobody else sees yet. */
export function memoryTransaction(state: MemoryState, now: () => number): AdminTransaction {
  return Object.freeze({
    ...memoryOrganizations(state),
    ...memoryGroups(state),
    ...memoryModels(state),
    ...memoryUsers(state, now),
    ...memoryKeys(state),
  });
}

function memoryOrganizations(state: MemoryState): Pick<AdminTransaction, "organizations" | "putOrganization"> {
  const byName = (name: string) => [...state.organizations.values()].find((organization) => organization.name === name);
  return {
    organizations: async () => [...state.organizations.values()].sort((a, b) => (a.name < b.name ? -1 : 1)),
    putOrganization: async (name, dlp) => {
      const organization = frozenCopy({ id: byName(name)?.id ?? randomUUID(), name, dlp });
      state.organizations.set(organization.id, organization);
      recordChange(state, organization.id, "organization", organization.id);
      return organization;
    },
  };
}

function memoryGroups(state: MemoryState): Pick<AdminTransaction, "groups" | "putGroup" | "removeGroup"> {
  const groups = async (organizationId: string) => ownedBy(state.groups, organizationId, (group) => group.name);
  const idOf = async (organizationId: string, name: string) =>
    (await groups(organizationId)).find((group) => group.name === name)?.id;
  return {
    groups: async (organizationId, page = {}) => pageOf(await groups(organizationId), ({ name }) => name, page),
    putGroup: async (organizationId, group) => {
      assertOrganization(state, organizationId);
      const id = (await idOf(organizationId, group.name)) ?? randomUUID();
      state.groups.set(id, frozenCopy({ organizationId, value: { ...group, id } }));
      recordChange(state, organizationId, "group", id);
    },
    removeGroup: async (organizationId, name) => {
      const id = await idOf(organizationId, name);
      if (id === undefined) return;
      state.groups.delete(id);
      recordChange(state, organizationId, "group", id);
    },
  };
}

function memoryModels(state: MemoryState): Pick<AdminTransaction, "models" | "putModel" | "removeModel"> {
  const place = (organizationId: string, id: string) => JSON.stringify([organizationId, id]);
  return {
    models: async (organizationId) => ownedBy(state.models, organizationId, (model) => model.id),
    putModel: async (organizationId, model) => {
      assertOrganization(state, organizationId);
      state.models.set(place(organizationId, model.id), frozenCopy({ organizationId, value: model }));
      recordChange(state, organizationId, "model", model.id);
    },
    removeModel: async (organizationId, id) => {
      if (state.models.delete(place(organizationId, id))) recordChange(state, organizationId, "model", id);
    },
  };
}
