namespace SaeNotebooks.Browser.Tests.Exported;

/// <summary>Tests of HTML files, with the network off.</summary>
[CollectionDefinition]
public sealed class FromFiles : ICollectionFixture<BrowserFixture>, ICollectionFixture<ControlsExport>;
