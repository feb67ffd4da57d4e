//! The four kinds of value both engines share, and rows of them.

use std::str::FromStr;

use tokio_postgres::types::{IsNull, ToSql, Type, to_sql_checked};
use vocabulary::Timestamp;

use crate::StoreError;

/// One value of a row or a parameter. Ids are text, instants and flags are integers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// SQL NULL.
    Null,
    /// BIGINT.
    Integer(i64),
    /// TEXT.
    Text(String),
    /// BLOB / BYTEA.
    Bytes(Vec<u8>),
}

impl From<i64> for Value {
    fn from(value: i64) -> Self {
        Self::Integer(value)
    }
}
impl From<u32> for Value {
    fn from(value: u32) -> Self {
        Self::Integer(i64::from(value))
    }
}
impl From<u64> for Value {
    /// Counts and sizes stay far below 2⁶³; a larger one saturates.
    fn from(value: u64) -> Self {
        Self::Integer(i64::try_from(value).unwrap_or(i64::MAX))
    }
}
impl From<usize> for Value {
    fn from(value: usize) -> Self {
        Self::Integer(i64::try_from(value).unwrap_or(i64::MAX))
    }
}
impl From<bool> for Value {
    fn from(value: bool) -> Self {
        Self::Integer(i64::from(value))
    }
}
impl From<&str> for Value {
    fn from(value: &str) -> Self {
        Self::Text(value.to_owned())
    }
}
impl From<String> for Value {
    fn from(value: String) -> Self {
        Self::Text(value)
    }
}
impl From<&String> for Value {
    fn from(value: &String) -> Self {
        Self::Text(value.clone())
    }
}
impl From<Vec<u8>> for Value {
    fn from(value: Vec<u8>) -> Self {
        Self::Bytes(value)
    }
}
impl From<&[u8]> for Value {
    fn from(value: &[u8]) -> Self {
        Self::Bytes(value.to_vec())
    }
}
impl From<Timestamp> for Value {
    fn from(value: Timestamp) -> Self {
        Self::Integer(value.micros())
    }
}
impl<T: Into<Value>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

macro_rules! id_values {
    ($($id:ident),*) => {$(
        impl From<vocabulary::$id> for Value {
            fn from(value: vocabulary::$id) -> Self {
                Self::Text(value.to_string())
            }
        }
    )*};
}
id_values!(
    OrganisationId,
    AccountId,
    ArrivalId,
    AuthenticatorId,
    SessionId,
    TokenId,
    GrantId,
    LinkId,
    BreakGlassId,
    AccessReviewId,
    ChangeId,
    CalibrationId,
    ControlSetId,
    ProposalId,
    ReplayId,
    FlowId,
    DeliveryId,
    AssessmentId,
    HoldId,
    OverrideId,
    OutboxId,
    OperationId,
    BlobId
);
impl From<&vocabulary::EmailAddress> for Value {
    fn from(value: &vocabulary::EmailAddress) -> Self {
        Self::Text(value.as_str().to_owned())
    }
}

/// What a column can be read as.
pub trait FromValue: Sized {
    /// For the error when it is not.
    const WANTED: &'static str;
    /// The value, or `None` when it is of another kind.
    fn from_value(value: &Value) -> Option<Self>;
}

impl FromValue for i64 {
    const WANTED: &'static str = "an integer";
    fn from_value(value: &Value) -> Option<Self> {
        match value {
            Value::Integer(number) => Some(*number),
            _ => None,
        }
    }
}
impl FromValue for u64 {
    const WANTED: &'static str = "a count";
    fn from_value(value: &Value) -> Option<Self> {
        i64::from_value(value).and_then(|number| number.try_into().ok())
    }
}
impl FromValue for u32 {
    const WANTED: &'static str = "a small count";
    fn from_value(value: &Value) -> Option<Self> {
        i64::from_value(value).and_then(|number| number.try_into().ok())
    }
}
impl FromValue for bool {
    const WANTED: &'static str = "a flag";
    fn from_value(value: &Value) -> Option<Self> {
        i64::from_value(value).map(|number| number != 0)
    }
}
impl FromValue for String {
    const WANTED: &'static str = "text";
    fn from_value(value: &Value) -> Option<Self> {
        match value {
            Value::Text(text) => Some(text.clone()),
            _ => None,
        }
    }
}
impl FromValue for Vec<u8> {
    const WANTED: &'static str = "bytes";
    fn from_value(value: &Value) -> Option<Self> {
        match value {
            Value::Bytes(bytes) => Some(bytes.clone()),
            _ => None,
        }
    }
}
impl FromValue for Timestamp {
    const WANTED: &'static str = "an instant";
    fn from_value(value: &Value) -> Option<Self> {
        i64::from_value(value).map(Timestamp::from_micros)
    }
}
impl<T: FromValue> FromValue for Option<T> {
    const WANTED: &'static str = T::WANTED;
    fn from_value(value: &Value) -> Option<Self> {
        match value {
            Value::Null => Some(None),
            other => T::from_value(other).map(Some),
        }
    }
}

/// One row of an answer.
#[derive(Debug, Clone)]
pub struct Row(pub(crate) Vec<Value>);

impl Row {
    /// The value of a column, counted from 0 in the order of the statement.
    ///
    /// # Errors
    /// The column holds something else.
    pub fn get<T: FromValue>(&self, column: usize) -> Result<T, StoreError> {
        self.0.get(column).and_then(T::from_value).ok_or(StoreError::Column { column, wanted: T::WANTED })
    }

    /// The value of a text column read as an id, an address, or one of our own words.
    ///
    /// # Errors
    /// The column holds something else.
    pub fn parse<T: FromStr>(&self, column: usize) -> Result<T, StoreError> {
        self.get::<String>(column)?
            .parse()
            .map_err(|_| StoreError::Column { column, wanted: std::any::type_name::<T>() })
    }

    /// As [`Row::parse`], for a column that may be NULL.
    ///
    /// # Errors
    /// The column holds something else.
    pub fn parse_optional<T: FromStr>(&self, column: usize) -> Result<Option<T>, StoreError> {
        match self.get::<Option<String>>(column)? {
            None => Ok(None),
            Some(text) => text
                .parse()
                .map(Some)
                .map_err(|_| StoreError::Column { column, wanted: std::any::type_name::<T>() }),
        }
    }
}

impl rusqlite::ToSql for Value {
    fn to_sql(&self) -> rusqlite::Result<rusqlite::types::ToSqlOutput<'_>> {
        use rusqlite::types::{ToSqlOutput, ValueRef};
        Ok(ToSqlOutput::Borrowed(match self {
            Self::Null => ValueRef::Null,
            Self::Integer(number) => ValueRef::Integer(*number),
            Self::Text(text) => ValueRef::Text(text.as_bytes()),
            Self::Bytes(bytes) => ValueRef::Blob(bytes),
        }))
    }
}

impl From<rusqlite::types::ValueRef<'_>> for Value {
    fn from(value: rusqlite::types::ValueRef<'_>) -> Self {
        use rusqlite::types::ValueRef;
        match value {
            ValueRef::Null => Self::Null,
            ValueRef::Integer(number) => Self::Integer(number),
            // No column of ours is REAL; one that appears is shown as what it is not.
            ValueRef::Real(number) => Self::Text(number.to_string()),
            ValueRef::Text(text) => Self::Text(String::from_utf8_lossy(text).into_owned()),
            ValueRef::Blob(bytes) => Self::Bytes(bytes.to_vec()),
        }
    }
}

impl ToSql for Value {
    fn to_sql(
        &self,
        kind: &Type,
        out: &mut bytes::BytesMut,
    ) -> Result<IsNull, Box<dyn std::error::Error + Sync + Send>> {
        match self {
            Self::Null => Ok(IsNull::Yes),
            Self::Integer(number) if *kind == Type::INT4 => i32::try_from(*number)?.to_sql(kind, out),
            Self::Integer(number) => number.to_sql(kind, out),
            Self::Text(text) => text.to_sql(kind, out),
            Self::Bytes(bytes) => bytes.to_sql(kind, out),
        }
    }

    fn accepts(kind: &Type) -> bool {
        matches!(*kind, Type::INT4 | Type::INT8 | Type::TEXT | Type::VARCHAR | Type::BYTEA)
    }

    to_sql_checked!();
}

impl Value {
    pub(crate) fn from_postgres(row: &tokio_postgres::Row, column: usize) -> Result<Self, StoreError> {
        let kind = row.columns().get(column).map_or(&Type::TEXT, tokio_postgres::Column::type_);
        let value = match *kind {
            Type::INT8 => row.try_get::<_, Option<i64>>(column)?.map(Self::Integer),
            Type::INT4 => {
                row.try_get::<_, Option<i32>>(column)?.map(|number| Self::Integer(i64::from(number)))
            }
            Type::BOOL => row.try_get::<_, Option<bool>>(column)?.map(Self::from),
            Type::BYTEA => row.try_get::<_, Option<Vec<u8>>>(column)?.map(Self::Bytes),
            _ => row.try_get::<_, Option<String>>(column)?.map(Self::Text),
        };
        Ok(value.unwrap_or(Self::Null))
    }
}
