//! HTTP: the pages people use and the API programs use.
