//! What someone may do: mission, grant, permission table, permit, operation.
