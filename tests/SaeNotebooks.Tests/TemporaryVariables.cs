namespace SaeNotebooks.Tests;

/// <summary>Environment variables that are as they were again when it is disposed of.</summary>
internal sealed class TemporaryVariables : IDisposable
{
    private readonly List<(string Name, string? Before)> _before = [];

    public TemporaryVariables(params (string Name, string? Value)[] variables)
    {
        foreach (var (name, value) in variables)
        {
            _before.Add((name, Environment.GetEnvironmentVariable(name)));
            Environment.SetEnvironmentVariable(name, value);
        }
    }

    public void Dispose()
    {
        foreach (var (name, before) in _before) Environment.SetEnvironmentVariable(name, before);
    }
}
