//! Invariant 5 and 11: every statement, on both engines.

use crate::support::each_engine;

#[tokio::test(flavor = "multi_thread")]
async fn every_statement_prepares_on_both_engines_and_names_its_organisation() {
    each_engine(async |cerebro| {
        let all = [operations::statements(), access::statements()].concat();
        assert!(all.len() > 60, "the registry lost statements: {}", all.len());
        for statement in all {
            statement.check().unwrap();
            if let Err(error) = cerebro.cerebro.instance().prepare(statement).await {
                panic!("{} on {}: {error}", statement.name, cerebro.engine);
            }
        }
    })
    .await;
}
